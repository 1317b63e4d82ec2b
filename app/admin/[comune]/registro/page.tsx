import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Field } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { todayInItaly } from '#lib/auth/queries.ts'
import { allowedToStaff } from '#lib/auth/roles.ts'
import { requireFresh, requireViewer } from '#lib/auth/session.ts'
import { addMonths, firstDayOf, monthOf } from '#lib/day.ts'

export const metadata: Metadata = { title: 'Registro' }

export default async function Register({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const viewer = await requireViewer(comune)
  if (!allowedToStaff(viewer, 'registers:export')) notFound()
  await requireFresh(comune)
  const today = await todayInItaly()
  return (
    <>
      <PageHeading
        title="Registro"
        lead="Accessi e operazioni degli ultimi 24 mesi, da consegnare a un’autorità che li chiede."
      />
      <Card className="max-w-2xl">
        <form action={`/api/${comune}/registro.csv`} className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              name="dal"
              type="date"
              label="Dal"
              required
              defaultValue={firstDayOf(addMonths(monthOf(today), -1))}
            />
            <Field name="al" type="date" label="Al" required defaultValue={today} />
          </div>
          <Field
            name="motivo"
            label="Chi lo chiede, e perché"
            hint="Resta scritto nel registro: l’esportazione è un’operazione come le altre."
            required
            maxLength={200}
          />
          <div>
            <Button icon="download">Scarica il registro (CSV)</Button>
          </div>
        </form>
      </Card>
    </>
  )
}
