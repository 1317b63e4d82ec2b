import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { LONGEST_REASON, readAskedPeriod } from '#lib/audit/audit-period.address.ts'
import { addMonths, firstDayOf, monthOf } from '#lib/kernel/day.ts'
import { requireFresh, requireViewer } from '#lib/session/session.request.ts'
import { todayInItaly } from '#lib/session/today.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Registro per un’autorità' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const FIELDS = ['dal', 'al', 'motivo'] as const

/** The registers to hand over. What was asked and cannot be comes back here, with what was typed. */
export default async function Register({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'registers:export')) notFound()
  await requireFresh(municipalitySlug)
  const today = await todayInItaly()
  const wasAsked = FIELDS.some((name) => query[name] !== undefined)
  const read = wasAsked ? readAskedPeriod(query) : null
  const problems = read && 'problems' in read ? read.problems : {}
  const typed = (name: (typeof FIELDS)[number], usual: string): string => {
    const value = query[name]
    return typeof value === 'string' ? value : usual
  }
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Registro', href: `/admin/${municipalitySlug}/registro` },
          { label: 'Registro per un’autorità' },
        ]}
      />
      <PageHeading
        title="Registro per un’autorità"
        lead="Accessi e operazioni degli ultimi 24 mesi, da consegnare a un’autorità che li chiede."
      />
      <Card className="max-w-2xl">
        <form action={`/api/${municipalitySlug}/registro.csv`} noValidate className="grid gap-4">
          <ErrorSummary fields={problems} />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              name="dal"
              type="date"
              label="Dal"
              error={problems.dal}
              defaultValue={typed('dal', firstDayOf(addMonths(monthOf(today), -1)))}
            />
            <Field name="al" type="date" label="Al" error={problems.al} defaultValue={typed('al', today)} />
          </div>
          <Field
            name="motivo"
            label="Chi lo chiede, e perché"
            hint="Resta scritto nel registro: anche scaricarlo è un’operazione."
            maxLength={LONGEST_REASON}
            error={problems.motivo}
            defaultValue={typed('motivo', '').slice(0, LONGEST_REASON)}
          />
          <div>
            <Button icon="download">Scarica il registro per Excel (CSV)</Button>
          </div>
        </form>
      </Card>
    </>
  )
}
