/** A telephone number that a telephone dials. */
export const PhoneLink = ({
  number,
  className = 'whitespace-nowrap',
}: {
  number: string
  className?: string
}) => (
  <a href={`tel:${number.replace(/[^+\d]/g, '')}`} className={className}>
    {number}
  </a>
)
