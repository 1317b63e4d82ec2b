import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { type EditorContent, EditorForm } from '#components/office/editor-form.tsx'
import { Findings } from '#components/office/findings.tsx'
import { PublicationChip } from '#components/office/publication-chip.tsx'
import { NoteForm, PublishForm, Versions } from '#components/office/publish-panel.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { CONTENT_KINDS, type ContentKind, categoriesOf } from '#lib/content/content.ts'
import { type OfficeContent, officeContent } from '#lib/content/office/content.queries.ts'
import { instantForField } from '#lib/kernel/instant-field.ts'
import { accessibilityFindings, isBlocking } from '#lib/publishing/accessibility.ts'
import { hasChanges, isSubmitted, mayHappen } from '#lib/publishing/lifecycle.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { addPicture, askReview, publish, restoreVersion, saveDraft, sendBack, withdraw } from './actions.ts'

export type NewProps = { params: Promise<{ comune: string }> }
export type EditProps = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

const DONE: Record<string, string> = {
  salvata: 'Bozza salvata. Quello che è pubblico non è cambiato.',
  pubblicata: 'Fatto: da adesso, o dal momento che hai scelto, lo leggono tutti.',
  'in-revisione': 'Richiesta inviata: chi può pubblicare la vede nell’elenco.',
  rimandata: 'Fatto: torna a chi ha scritto il testo, con la tua nota.',
  ritirata: 'Fatto: non è più pubblica, e chi apre il vecchio indirizzo legge il motivo.',
  ripristinata: 'La vecchia versione è di nuovo l’ultima. Quello che è pubblico non è cambiato.',
}

const EMPTY: Omit<EditorContent, 'category'> = {
  id: null,
  version: 0,
  title: '',
  summary: '',
  body: '',
  urgent: false,
  highlighted: false,
  files: [],
}

function Crumbs({
  municipalitySlug,
  kind,
  label,
}: {
  municipalitySlug: string
  kind: ContentKind
  label: string
}) {
  const { path, many } = CONTENT_KINDS[kind]
  return <Breadcrumb items={[{ label: many, href: `/admin/${municipalitySlug}/${path}` }, { label }]} />
}

/** An empty sheet. */
export async function NewContentPage({ kind, params }: NewProps & { kind: ContentKind }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'content:write')) notFound()
  const categories = categoriesOf(kind)
  return (
    <>
      <Crumbs municipalitySlug={municipalitySlug} kind={kind} label={CONTENT_KINDS[kind].new} />
      <PageHeading
        title={CONTENT_KINDS[kind].new}
        lead="Prima si salva una bozza, poi si controlla e si pubblica."
      />
      <div className="max-w-3xl">
        <EditorForm
          municipalitySlug={municipalitySlug}
          kind={kind}
          content={{ ...EMPTY, category: Object.keys(categories)[0] ?? '' }}
          categories={categories}
          save={saveDraft}
          upload={addPicture}
        />
      </div>
    </>
  )
}

/** Where the item stands in its life. */
function Facts({ item }: { item: OfficeContent }) {
  const facts = [
    item.opensAt && { term: 'Dal', value: instantInWords(item.opensAt) },
    item.closesAt && { term: 'Fino al', value: instantInWords(item.closesAt) },
    item.publishedBy && { term: 'Chi ha pubblicato', value: item.publishedBy },
    item.withdrawnAt && { term: 'Fine, con il ritiro', value: instantInWords(item.withdrawnAt) },
    item.withdrawnReason && { term: 'Motivo', value: item.withdrawnReason },
  ].filter((fact) => fact !== null && fact !== '')
  return facts.length > 0 ? <DataList narrow items={facts} /> : <p>Per ora la vede solo chi lavora qui.</p>
}

function ReviewCard({ item, panel }: { item: OfficeContent; panel: Parameters<typeof NoteForm>[0]['item'] }) {
  const waiting = isSubmitted(item)
  return (
    <Card title="Revisione" headingLevel="h2">
      {waiting && (
        <p className="mb-4">
          {item.reviewRequestedBy} chiede di rileggere questa versione
          {item.reviewNote ? `: “${item.reviewNote}”` : '.'}
        </p>
      )}
      {!waiting && item.reviewNote && <p className="mb-4">Nota: “{item.reviewNote}”</p>}
      {waiting ? (
        <NoteForm
          item={panel}
          action={sendBack}
          field="rimanda"
          label="Che cosa va cambiato"
          button="Rimanda"
          icon="undo-2"
        />
      ) : (
        <NoteForm
          item={panel}
          action={askReview}
          field="revisione"
          label="Messaggio per chi rilegge (facoltativo)"
          hint="Non è obbligatorio: puoi anche pubblicare subito."
          button="Chiedi una revisione"
          icon="users"
        />
      )}
    </Card>
  )
}

function Aside({ municipalitySlug, item }: { municipalitySlug: string; item: OfficeContent }) {
  const { path } = CONTENT_KINDS[item.kind]
  const panel = { municipalitySlug, kind: item.kind, id: item.id, version: item.latestVersion }
  const attachments = item.latest.files.filter((file) => file.role === 'attachment')
  const findings = accessibilityFindings({ ...item.latest, attachments })
  const live = item.state === 'published'
  const changed = hasChanges(item)
  return (
    <div className="grid content-start gap-6">
      <Card title="Stato" aside={<PublicationChip kind={item.kind} state={item.state} />}>
        <Facts item={item} />
        <div className="mt-4 flex flex-wrap gap-3">
          <ButtonLink
            href={`/admin/${municipalitySlug}/${path}/${item.id}/anteprima?versione=${item.latestVersion}`}
            look="secondary"
            icon="eye"
          >
            Anteprima
          </ButtonLink>
          {live && (
            <ButtonLink href={`/${municipalitySlug}/${path}/${item.slug}`} look="quiet" icon="arrow-up-right">
              Pagina pubblica
            </ButtonLink>
          )}
        </div>
      </Card>
      <Card title="Controllo di accessibilità">
        <Findings findings={findings} />
        <p className="mt-3 text-sm text-muted">
          Vale per la versione salvata: salva per controllare di nuovo.
        </p>
      </Card>
      <Card title={live ? 'Pubblica le modifiche' : 'Pubblica'}>
        {changed && <p className="mb-4">Ci sono modifiche salvate che il pubblico non vede ancora.</p>}
        {findings.some(isBlocking) && (
          <p className="mb-4 font-semibold text-danger">Prima correggi i punti segnalati qui sopra.</p>
        )}
        <PublishForm
          item={panel}
          action={publish}
          live={live}
          label={live ? 'Pubblica le modifiche' : 'Pubblica'}
          expireAt={instantForField(live ? item.closesAt : null)}
        />
      </Card>
      {(item.state === 'draft' || item.state === 'submitted' || changed) && (
        <ReviewCard item={item} panel={panel} />
      )}
      {mayHappen(item.kind, 'withdraw', item.state) && (
        <Card title="Ritira">
          <NoteForm
            item={panel}
            action={withdraw}
            field="ritira"
            label="Motivo"
            hint="Lo legge chi apre il vecchio indirizzo."
            button="Ritira dal pubblico"
            icon="archive"
            danger
          />
        </Card>
      )}
      <Card title="Versioni">
        <Versions
          item={panel}
          restore={restoreVersion}
          versions={item.versions.map((version) => ({
            ...version,
            savedAt: instantInWords(version.savedAt),
            isPublic: version.number === item.publishedVersion && live,
            href: `/admin/${municipalitySlug}/${path}/${item.id}/anteprima?versione=${version.number}`,
          }))}
        />
      </Card>
    </div>
  )
}

/** The office's page of one item: its words on the left, its life on the right. */
export async function EditContentPage({ kind, params, searchParams }: EditProps & { kind: ContentKind }) {
  const [{ comune: municipalitySlug, id }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const item = await officeContent(viewer, kind, id)
  if (!item) notFound()
  const { latest } = item
  return (
    <>
      <Crumbs municipalitySlug={municipalitySlug} kind={kind} label={latest.title} />
      <PageHeading eyebrow={`${CONTENT_KINDS[kind].one}, versione ${latest.number}`} title={latest.title} />
      <Done sentences={DONE} code={fatto} />
      <div className="grid gap-8 lg:grid-cols-[1fr_24rem]">
        <EditorForm
          // A new version on the server is a new form: what it shows is what it will be compared with.
          key={latest.number}
          municipalitySlug={municipalitySlug}
          kind={kind}
          content={{
            id: item.id,
            version: latest.number,
            title: latest.title,
            summary: latest.summary,
            body: latest.body,
            category: latest.category,
            urgent: latest.urgent,
            highlighted: latest.highlighted,
            files: latest.files.filter((file) => file.role === 'attachment'),
          }}
          categories={categoriesOf(kind)}
          save={saveDraft}
          upload={addPicture}
        />
        <Aside municipalitySlug={municipalitySlug} item={item} />
      </div>
    </>
  )
}
