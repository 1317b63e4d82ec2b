/** A telephone number that a telephone dials. */
export const PhoneLink = ({ number }: { number: string }) => (
  <a href={`tel:${number.replace(/[^+\d]/g, '')}`} className="whitespace-nowrap">
    {number}
  </a>
)
