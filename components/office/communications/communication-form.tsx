'use client'

import { type ReactNode, useActionState } from 'react'
import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import {
  COMMUNICATION_KINDS,
  type CommunicationKind,
  MERGE_FIELDS,
} from '#lib/communications/communication.ts'
import {
  type CommunicationValues,
  communicationFields,
  type FamilyChoice,
} from '#lib/communications/office/communication.fields.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { AttachmentsField, type EditorFile } from '../attachments-field.tsx'
import { LateEditor } from '../editor/late-editor.tsx'
import type { UploadPicture } from '../editor/picture-dialog.tsx'
import { Basis, carried, type FieldWords, FormErrors, momentInWords } from '../form-errors.tsx'
import { AudienceFields, type AudienceOptions } from './audience-fields.tsx'

export type CommunicationContent = CommunicationValues & {
  id: string | null
  version: number
  reason: string
}

type Save = (previous: FormState, form: FormData) => Promise<FormState>

const ASKING = [
  ['none', 'Nessuna conferma', 'Vedi comunque chi l’ha aperta.'],
  ['household', 'Una per famiglia', 'Basta un adulto: vale per tutti.'],
  ['person', 'Una per persona', 'Ogni adulto conferma per sé.'],
] as const

function Nature({ kind, about, error }: { kind: string; about: string; error: FormState['error'] }) {
  return (
    <>
      <ChoiceGroup legend="Che cos’è" name="kind" error={error?.fields.kind}>
        <div className="grid gap-2 sm:grid-cols-3">
          {Object.entries(COMMUNICATION_KINDS).map(([key, { one, hint }]) => (
            <Choice
              key={key}
              id={`kind-${key}`}
              name="kind"
              value={key}
              label={one}
              hint={hint}
              defaultChecked={kind === key}
            />
          ))}
        </div>
      </ChoiceGroup>
      <ChoiceGroup legend="Di che cosa parla" name="about" error={error?.fields.about}>
        <div className="grid gap-2 sm:grid-cols-2">
          <Choice
            id="about-service"
            name="about"
            value="service"
            label="Riguarda il servizio"
            hint="La leggono gli intestatari e i delegati."
            defaultChecked={about === 'service'}
          />
          <Choice
            id="about-money"
            name="about"
            value="money"
            label="Riguarda i pagamenti"
            hint="La legge solo chi paga."
            defaultChecked={about === 'money'}
          />
        </div>
      </ChoiceGroup>
    </>
  )
}

/** What is fixed once it is out, carried along unseen. */
function Fixed({ content }: { content: CommunicationContent }) {
  const { kind, about, to, inDebt, acknowledgement } = content
  return (
    <>
      {Object.entries({ kind, about, to, acknowledgement }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {to !== 'everybody' &&
        content.ids.map((id) => <input key={id} type="hidden" name={`${to}[]`} value={id} />)}
      {inDebt && <input type="hidden" name="inDebt" value="on" />}
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-5 rounded-lg border border-line bg-white p-4 shadow-low sm:p-6" data-surface>
      <h2 className="text-xl">{title}</h2>
      {children}
    </section>
  )
}

const TO: Readonly<Record<string, string>> = {
  everybody: 'tutte le famiglie',
  services: 'chi usa un servizio',
  schools: 'una o più scuole',
  classes: 'una o più classi',
  households: 'singole famiglie',
}

const LABELS = {
  kind: 'Che cos’è',
  about: 'Di che cosa parla',
  title: 'Titolo',
  body: 'Testo',
  to: 'Destinatari',
  'services[]': 'Quali servizi',
  'schools[]': 'Quali scuole',
  'classes[]': 'Quali classi',
  'households[]': 'Quali famiglie',
  families: 'Elenco delle famiglie',
  inDebt: 'Solo chi ha il saldo negativo',
  acknowledgement: 'Conferma',
  acknowledgeBy: 'Confermare entro il',
  expiresAt: 'Scade il',
  attached: 'Allegati',
}

function wordsWith(options: AudienceOptions, bodyAt: string): FieldWords {
  const names = new Map(
    [
      ...options.services,
      ...options.schools,
      ...options.schools.flatMap(({ classes }) => classes),
      ...options.households,
    ].map(({ id, name }) => [id, name]),
  )
  return {
    labels: LABELS,
    inWords: (name, value) => {
      if (name === 'kind') return COMMUNICATION_KINDS[value as CommunicationKind]?.one ?? value
      if (name === 'about') return value === 'money' ? 'riguarda i pagamenti' : 'riguarda il servizio'
      if (name === 'to') return TO[value] ?? value
      if (name === 'acknowledgement') return ASKING.find(([mode]) => mode === value)?.[1] ?? value
      if (name === 'inDebt') return value ? 'sì' : 'no'
      if (name === 'families')
        return carried<FamilyChoice>(value, [])
          .map((family) => family.name)
          .join(', ')
      if (name === 'attached')
        return carried<EditorFile>(value, [])
          .map(({ title }) => title)
          .join(', ')
      if (name.endsWith('[]'))
        return value
          .split(',')
          .flatMap((id) => names.get(id) ?? [])
          .join(', ')
      return momentInWords(value)
    },
    readAt: { name: 'body', href: bodyAt },
  }
}

/** The families to tick: those of the page and those that another person chose meanwhile. */
function familiesIn(text: string | undefined, own: readonly FamilyChoice[]): FamilyChoice[] {
  const others = carried<FamilyChoice>(text, [])
  return [...own, ...others.filter(({ id }) => !own.some((family) => family.id === id))]
}

/** A value as the form holds it: what was typed, or what is saved. */
type Kept = (
  name: 'title' | 'body' | 'kind' | 'about' | 'acknowledgement' | 'acknowledgeBy' | 'expiresAt' | 'reason',
) => string

/** What is fixed of a communication that is out, and why it is corrected. */
function Correction({
  content,
  reason,
  error,
}: {
  content: CommunicationContent
  reason: string
  error: FormState['error']
}) {
  return (
    <>
      <Fixed content={content} />
      <Section title="Correzione">
        <Field
          name="reason"
          label="Perché la correggi"
          hint="Lo leggono le famiglie che l’hanno ricevuta. Il testo di prima resta leggibile."
          defaultValue={reason}
          error={error?.fields.reason}
          maxLength={300}
        />
      </Section>
    </>
  )
}

function TextSection({
  municipalitySlug,
  isOut,
  kept,
  baseVersion,
  upload,
  error,
  files,
}: {
  municipalitySlug: string
  isOut: boolean
  kept: Kept
  baseVersion: string | number
  upload: UploadPicture
  error: FormState['error']
  files: readonly EditorFile[]
}) {
  return (
    <Section title="Testo">
      {!isOut && <Nature kind={kept('kind')} about={kept('about')} error={error} />}
      <Field
        name="title"
        label="Titolo"
        hint="Va anche nelle e-mail: una frase che si capisce da sola."
        defaultValue={kept('title')}
        error={error?.fields.title}
        maxLength={120}
        required
      />
      <LateEditor
        key={baseVersion}
        municipalitySlug={municipalitySlug}
        name="body"
        initial={kept('body')}
        upload={upload}
      />
      <p className="text-sm text-muted">
        Campi che si riempiono da soli:{' '}
        {Object.entries(MERGE_FIELDS)
          .map(([name, words]) => `{${name}} ${words}`)
          .join('; ')}
        . Saldo e debito solo se riguarda i pagamenti.
      </p>
      <AttachmentsField files={files} />
    </Section>
  )
}

function EndSection({ isOut, kept }: { isOut: boolean; kept: Kept }) {
  return (
    <Section title="Conferma e scadenza">
      {!isOut && (
        <ChoiceGroup legend="“Ho letto e preso atto”" name="acknowledgement">
          <div className="grid gap-2 sm:grid-cols-3">
            {ASKING.map(([mode, label, hint]) => (
              <Choice
                key={mode}
                id={`acknowledgement-${mode}`}
                name="acknowledgement"
                value={mode}
                label={label}
                hint={hint}
                defaultChecked={kept('acknowledgement') === mode}
              />
            ))}
          </div>
        </ChoiceGroup>
      )}
      <div className="grid items-end gap-4 sm:grid-cols-2">
        <Field
          name="acknowledgeBy"
          type="date"
          label="Confermare entro il"
          hint="Vuoto: senza termine."
          defaultValue={kept('acknowledgeBy')}
        />
        <Field
          name="expiresAt"
          type="datetime-local"
          label="Scade il"
          hint="Vuoto: non scade."
          defaultValue={kept('expiresAt')}
        />
      </div>
    </Section>
  )
}

/** Writing a communication, or the correction of one that is out. Saving never changes what families read. */
export function CommunicationForm({
  municipalitySlug,
  content,
  options,
  isOut,
  save,
  upload,
}: {
  municipalitySlug: string
  content: CommunicationContent
  options: AudienceOptions
  /** It is out: its nature and its recipients are facts. */
  isOut: boolean
  save: Save
  upload: UploadPicture
}) {
  const here = `/admin/${municipalitySlug}/comunicazioni/${content.id ?? 'nuova'}`
  const [state, action] = useActionState(save, UNTOUCHED, here)
  const { typed, error } = state
  const baseVersion = typed.baseVersion ?? content.version
  const households = familiesIn(typed.families, options.households)
  const kept: Kept = (name) => typed[name] ?? content[name]
  return (
    <form action={action} noValidate className="grid gap-6" aria-label="Comunicazione">
      <FormErrors
        state={state}
        words={wordsWith({ ...options, households }, `${here}/anteprima?versione=${baseVersion}`)}
        here={here}
      />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="id" value={content.id ?? ''} />
      <input type="hidden" name="families" value={JSON.stringify(households)} />
      <Basis
        at={{ baseVersion: content.version }}
        fields={communicationFields(content, options.households)}
        typed={typed}
      />
      {isOut && <Correction content={content} reason={kept('reason')} error={error} />}
      <TextSection
        municipalitySlug={municipalitySlug}
        isOut={isOut}
        kept={kept}
        baseVersion={baseVersion}
        upload={upload}
        error={error}
        files={carried(typed.attached, content.files)}
      />
      {!isOut && (
        <Section title="A chi">
          <AudienceFields
            options={{ ...options, households }}
            to={typed.to ?? content.to}
            chosen={error ? listsIn(typed) : content.ids}
            inDebt={error ? typed.inDebt === 'on' : content.inDebt}
            codes={typed.codes ?? ''}
            error={error?.fields.to}
          />
        </Section>
      )}
      <EndSection isOut={isOut} kept={kept} />
      <div className="sticky bottom-16 z-10 -mx-1 flex flex-wrap items-center gap-4 bg-canvas px-1 py-3 lg:bottom-0">
        <SubmitButton icon="check">{isOut ? 'Salva la correzione' : 'Salva la bozza'}</SubmitButton>
        <p className="flex items-center gap-2 text-sm text-muted">
          <Icon name="info" size="sm" /> Salvare non manda niente a nessuno.
        </p>
      </div>
    </form>
  )
}

/** The ids that were ticked when the form came back with something to put right. */
const listsIn = (typed: Readonly<Record<string, string>>): string[] =>
  ['services[]', 'schools[]', 'classes[]', 'households[]'].flatMap((name) => typed[name]?.split(',') ?? [])
