'use client'

import { useActionState } from 'react'
import { Choice, Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import { contentFields } from '#lib/content/office/content.fields.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { AttachmentsField, type EditorFile } from './attachments-field.tsx'
import { LateEditor } from './editor/late-editor.tsx'
import type { UploadPicture } from './editor/picture-dialog.tsx'
import { Basis, carried, type FieldWords, FormErrors } from './form-errors.tsx'

export type EditorContent = {
  id: string | null
  version: number
  title: string
  summary: string
  body: string
  category: string
  urgent: boolean
  highlighted: boolean
  files: readonly EditorFile[]
}

type Save = (previous: FormState, form: FormData) => Promise<FormState>

const LABELS = {
  title: 'Titolo',
  summary: 'Descrizione breve',
  body: 'Testo',
  category: 'Categoria',
  urgent: 'Avviso urgente',
  highlighted: 'In evidenza',
  attached: 'Allegati',
}

/** @param readAt where the text that another person saved can be read */
const wordsWith = (categories: Readonly<Record<string, string>>, readAt: string): FieldWords => ({
  labels: LABELS,
  inWords: (name, value) => {
    if (name === 'category') return categories[value] ?? value
    if (name === 'attached')
      return carried<EditorFile>(value, [])
        .map(({ title }) => title)
        .join(', ')
    return name === 'urgent' || name === 'highlighted' ? (value ? 'sì' : 'no') : value
  },
  readAt: { name: 'body', href: readAt },
})

/** Title, words, files of a news item or document. Saving writes a new version; what is public does not change. */
export function EditorForm({
  municipalitySlug,
  kind,
  content,
  categories,
  save,
  upload,
}: {
  municipalitySlug: string
  kind: ContentKind
  content: EditorContent
  categories: Readonly<Record<string, string>>
  save: Save
  upload: UploadPicture
}) {
  const here = `/admin/${municipalitySlug}/${CONTENT_KINDS[kind].path}/${content.id ?? 'nuovo'}`
  const [state, action] = useActionState(save, UNTOUCHED, here)
  const { typed, error } = state
  const baseVersion = typed.baseVersion ?? content.version
  const files = carried(typed.attached, content.files)
  const words = wordsWith(categories, `${here}/anteprima?versione=${baseVersion}`)
  const kept = (name: 'title' | 'summary' | 'body' | 'category') => typed[name] ?? content[name]
  const ticked = (name: 'urgent' | 'highlighted') => (error ? typed[name] === 'on' : content[name])
  return (
    <form action={action} className="grid gap-6" aria-label="Contenuto">
      <FormErrors state={state} words={words} here={here} />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="id" value={content.id ?? ''} />
      <Basis at={{ baseVersion: content.version }} fields={contentFields(content)} typed={typed} />
      <Field
        name="title"
        label="Titolo"
        hint="Una frase normale che si capisce da sola, in un elenco."
        defaultValue={kept('title')}
        error={error?.fields.title}
        maxLength={160}
        required
      />
      <TextAreaField
        name="summary"
        label="Descrizione breve"
        hint="Una o due righe: si leggono negli elenchi."
        rows={2}
        defaultValue={kept('summary')}
        error={error?.fields.summary}
        maxLength={400}
      />
      {/* A text that another person saved meanwhile is a new text to begin from. */}
      <LateEditor
        key={baseVersion}
        municipalitySlug={municipalitySlug}
        name="body"
        initial={kept('body')}
        upload={upload}
      />
      <SelectField
        name="category"
        label="Categoria"
        defaultValue={kept('category')}
        error={error?.fields.category}
      >
        {Object.entries(categories).map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </SelectField>
      <ProminenceFields kind={kind} urgent={ticked('urgent')} highlighted={ticked('highlighted')} />
      <AttachmentsField files={files} />
      <div className="sticky bottom-16 z-10 -mx-1 flex flex-wrap items-center gap-4 bg-canvas px-1 py-3 lg:bottom-0">
        <SubmitButton icon="check">Salva la bozza</SubmitButton>
        <p className="flex items-center gap-2 text-sm text-muted">
          <Icon name="info" size="sm" /> Salvare non cambia quello che è pubblico.
        </p>
      </div>
    </form>
  )
}

function ProminenceFields({
  kind,
  urgent,
  highlighted,
}: {
  kind: ContentKind
  urgent: boolean
  highlighted: boolean
}) {
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-semibold text-ink">Rilievo</legend>
      {kind === 'news' && (
        <Choice
          type="checkbox"
          id="urgent"
          name="urgent"
          label="Avviso urgente"
          hint="Compare in cima alla prima pagina: scioperi, chiusure, cambiamenti dell’ultimo momento."
          defaultChecked={urgent}
        />
      )}
      <Choice
        type="checkbox"
        id="highlighted"
        name="highlighted"
        label="In evidenza"
        hint={kind === 'news' ? 'Prima delle altre nella prima pagina.' : 'Anche nella prima pagina.'}
        defaultChecked={highlighted}
      />
    </fieldset>
  )
}
