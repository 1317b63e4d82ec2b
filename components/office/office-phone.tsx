import { readablePhone } from '#lib/people/phone.ts'

/** A family's number as the office uses it: to call, with a mark whether it is verified. */
export function OfficePhone({ phone, isVerified }: { phone: string | null; isVerified: boolean }) {
  if (!phone) return <>non lo conosciamo</>
  return (
    <>
      <a href={`tel:${phone}`} className="whitespace-nowrap">
        {readablePhone(phone)}
      </a>{' '}
      ({isVerified ? 'verificato' : 'non verificato'})
    </>
  )
}
