import { Notice } from '#components/ui/notice.tsx'
import { PhoneLink } from '#components/ui/phone-link.tsx'
import type { Outage } from '#lib/health/outage.ts'
import { outagesInWords } from '#lib/health/outage.words.ts'
import { fill } from '#lib/words/fill.ts'
import { useWords } from '#words'

/** Tells a family that the portal did not answer in some minutes of the day: a meal may not have been cancelled because of it. */
export function PortalOutages({ outages, phone }: { outages: readonly Outage[]; phone: string }) {
  const t = useWords()
  if (outages.length === 0) return null
  return (
    <Notice kind="warning" title={outagesInWords(outages, t)}>
      <p>
        {t('Se in quei minuti non sei riuscito a disdire un pasto, dillo alla mensa.')}{' '}
        {fill(t('Telefona al {phone}.'), {
          phone: <PhoneLink key="phone" number={phone} />,
        })}
      </p>
    </Notice>
  )
}
