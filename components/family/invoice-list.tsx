import type { ReactNode } from 'react'
import { Said } from '#components/language/said.tsx'
import { Amount } from '#components/ui/amount.tsx'
import { buttonClass } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import type { InvoiceGap } from '#lib/invoices/invoice.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { fill } from '#lib/words/fill.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { plural } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { asWritten } from '#lib/words/written.ts'
import { useWords } from '#words'

export type ListedInvoice = {
  id: string
  number: string
  issuedOn: Day
  serviceName: string
  meals: number
  totalCents: Cents
  gaps: InvoiceGap[]
}

function Download({ href, format, number }: { href: string; format: 'PDF' | 'XML'; number: string }) {
  const t = useWords()
  return (
    <a href={href} download className={buttonClass('secondary')}>
      <Icon name="download" />
      <span>
        {format}{' '}
        <span className="sr-only">
          {t('della fattura {number}', { number: asWritten(number, t.language) })}
        </span>
      </span>
    </a>
  )
}

function Waiting({ gaps }: { gaps: InvoiceGap[] }) {
  const t = useWords()
  const wanted = gaps.includes('customer_address')
  return (
    <div className="flex flex-wrap items-center gap-3">
      <StatusChip tone="warning" icon="clock">
        {t('In preparazione')}
      </StatusChip>
      <span>{wanted ? t('Manca il tuo indirizzo.') : t('La sta completando il gestore del servizio.')}</span>
    </div>
  )
}

/** The name of an invoice, which leads to its page once it is whole. */
const Title = ({ href, children }: { href: string | null; children: ReactNode }) =>
  href === null ? children : <a href={href}>{children}</a>

/** The two files of an invoice. */
export function InvoiceDownloads({
  municipalitySlug,
  id,
  number,
}: {
  municipalitySlug: string
  id: string
  number: string
}) {
  const file = `/api/${municipalitySlug}/fatture/${id}`
  return (
    <div className="grid w-full grid-cols-2 gap-3 sm:w-auto print:hidden">
      <Download href={`${file}/pdf`} format="PDF" number={number} />
      <Download href={`${file}/xml`} format="XML" number={number} />
    </div>
  )
}

/** The invoices in the holder's name, the newest first, each with its page and its two files. */
export function InvoiceList({
  municipalitySlug,
  invoices,
}: {
  municipalitySlug: string
  invoices: readonly ListedInvoice[]
}) {
  const t = useWords()
  return (
    <ul className="grid grid-cols-1 gap-4">
      {invoices.map(({ id, number, issuedOn, serviceName, meals, totalCents, gaps }) => (
        <li
          key={id}
          data-surface
          className="flex flex-wrap items-center justify-between gap-x-8 gap-y-4 rounded-lg border border-line bg-white p-5 shadow-low sm:px-6"
        >
          <div className="min-w-0">
            <h2 className="text-xl">
              <Title href={gaps.length > 0 ? null : `/${municipalitySlug}/pagamenti/fatture/${id}`}>
                {fill(t('Fattura {part}'), {
                  part: (
                    <bdi key="part" className="whitespace-nowrap">
                      {number}
                    </bdi>
                  ),
                })}
              </Title>
            </h2>
            <p className="text-muted">
              <Said
                text={inARow(
                  [
                    longDayWithYear(issuedOn, t.language),
                    asWritten(serviceName, t.language),
                    t(plural('{n} pasto', '{n} pasti'), { n: meals }),
                  ],
                  t,
                )}
              />
            </p>
          </div>
          <div className="flex flex-1 flex-wrap items-center justify-end gap-x-6 gap-y-3">
            <p className="me-auto text-2xl font-semibold tabular-nums text-ink sm:me-0">
              <Amount cents={totalCents} />
            </p>
            {gaps.length > 0 ? (
              <Waiting gaps={gaps} />
            ) : (
              <InvoiceDownloads municipalitySlug={municipalitySlug} id={id} number={number} />
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
