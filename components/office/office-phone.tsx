import { readablePhone } from '#lib/people/phone.ts'

/** A family's number as the office uses it: to call, knowing whether somebody proved to answer there. */
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
