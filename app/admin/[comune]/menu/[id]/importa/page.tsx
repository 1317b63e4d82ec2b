import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ImportForm } from '#components/office/menus/import-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { ALLERGENS } from '#lib/menus/allergen.ts'
import { COURSES } from '#lib/menus/dish.ts'
import { officeMenu } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readOrImport } from '../../actions.ts'

export const metadata: Metadata = { title: 'Importa il menù' }

const EXAMPLE = `settimana;giorno;portata;piatto;allergeni;non_adatto_a
1;lunedì;primo;Pasta al pomodoro;glutine;D01
1;lunedì;frutta;Mela;nessuno;`

export default async function ImportMenu({ params }: { params: Promise<{ comune: string; id: string }> }) {
  const { comune: municipalitySlug, id } = await params
  const viewer = await requireViewer(municipalitySlug)
  const menu = isUuid(id) ? await officeMenu(viewer, id) : null
  if (!menu) notFound()
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Menù', href: `/admin/${municipalitySlug}/menu` },
          { label: menu.plan.name, href: `/admin/${municipalitySlug}/menu/${id}` },
          { label: 'Importa' },
        ]}
      />
      <PageHeading
        title="Importa da un foglio"
        lead="Una riga per piatto. Prima vedi l’anteprima e gli errori riga per riga; poi confermi."
      />
      <div className="grid items-start gap-10 lg:grid-cols-2 *:min-w-0">
        <ImportForm hidden={{ municipalitySlug, id, version: menu.number }} action={readOrImport} />
        <div className="grid gap-3">
          <h2 className="text-xl">Come si scrive</h2>
          <pre className="rounded border border-line bg-white p-3 text-xs break-all whitespace-pre-wrap">
            {EXAMPLE}
          </pre>
          <p>Portate: {Object.values(COURSES).join(', ').toLowerCase()}.</p>
          <p>
            Allergeni, separati da virgole: {Object.values(ALLERGENS).join(', ')}. Scrivi “nessuno” se non ce
            ne sono; lascia vuoto se non sono ancora dichiarati.
          </p>
          <p>Un piatto che c’è già nell’elenco resta com’è: l’importazione non cambia i suoi allergeni.</p>
        </div>
      </div>
    </>
  )
}
