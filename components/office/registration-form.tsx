'use client'

import Link from 'next/link'
import { type ReactNode, useActionState } from 'react'
import { Answer } from '#components/ui/answer.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field, SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Cents } from '#lib/kernel/money.ts'
import { type AskedBand, bandValue, type Double, PUPIL_BLOCKS } from '#lib/people/office/registration.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { Consequences, PressesInRow } from './preview-presses.tsx'

export type RegistrationValue = {
  lines: readonly string[]
  doubles: readonly Double[]
  isBlocked: boolean
  isDoubtful: boolean
  seen: string
  typed: Readonly<Record<string, string>>
}
export type RegistrationAction = (
  previous: FormState<RegistrationValue>,
  form: FormData,
) => Promise<FormState<RegistrationValue>>

export type RegistrationOffer = {
  classes: readonly { id: string; name: string; schoolName: string; yearName: string }[]
  services: readonly { id: string; name: string }[]
  bands: readonly (AskedBand & { serviceName: string; name: string; priceCents: Cents | null })[]
}

type Props = {
  municipalitySlug: string
  /** The household to which pupils are added; null registers a new family. */
  householdId: string | null
  /** The transfer from another municipality that is accepted by it, with what was sent. */
  transfer?: { id: string; sent: Readonly<Record<string, string>> }
  offer: RegistrationOffer
  action: RegistrationAction
}

type Written = { typed: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> }

/** Registers a family or adds pupils to one: the first press says what would happen and who may be there, the second does it. */
export function RegistrationForm({ municipalitySlug, householdId, transfer, offer, action }: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<RegistrationValue>)
  const errors = state.error?.fields ?? {}
  const preview = state.ok ? state.value : undefined
  const isUntouched = !preview && Object.keys(state.typed).length === 0
  const written = { typed: (isUntouched && transfer?.sent) || (preview?.typed ?? state.typed), errors }
  const isNew = !preview && !state.error
  return (
    <form action={send} noValidate className="grid max-w-4xl gap-6">
      <HiddenFields
        values={{ municipalitySlug, householdId: householdId ?? '', transferId: transfer?.id ?? '' }}
      />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {/* React empties a form that was sent well: what was previewed stays in the fields. */}
      <div key={JSON.stringify(written.typed)} className="grid gap-6">
        {householdId === null && <Adults {...written} isNew={isNew} />}
        {PUPIL_BLOCKS.map((block, at) => (
          <PupilBlock
            key={block}
            block={block}
            at={at}
            offer={offer}
            startsHere={isNew && householdId !== null && at === 0}
            {...written}
          />
        ))}
      </div>
      <Confirmation
        preview={preview}
        error={errors.checked}
        families={`/admin/${municipalitySlug}/famiglie`}
      />
    </form>
  )
}

const Adults = ({ isNew, ...written }: Written & { isNew: boolean }) => (
  <>
    <Part legend="Chi paga (intestatario)">
      <PersonFields block="holder" startsHere={isNew} {...written} />
      <ContactFields block="holder" {...written} />
    </Part>
    <Optional label="Aggiungi un delegato" block="delegate" {...written}>
      <Part legend="Delegato">
        <PersonFields block="delegate" {...written} />
        <ContactFields block="delegate" {...written} />
      </Part>
    </Optional>
  </>
)

const Part = ({ legend, children }: { legend: string; children: ReactNode }) => (
  <fieldset className="grid gap-4 rounded-lg border border-line bg-white p-4 sm:p-6" data-surface>
    <legend className="px-1 text-lg font-semibold text-ink">{legend}</legend>
    {children}
  </fieldset>
)

/** A part that most registrations do without: closed until it is wanted, open where something is written or wrong. */
function Optional({
  label,
  block,
  typed,
  errors,
  children,
}: Written & { label: string; block: string; children: ReactNode }) {
  const isWritten = ['fiscalCode', 'givenName', 'familyName'].some((field) => typed[`${block}-${field}`])
  const isWrong = Object.keys(errors).some((field) => field.startsWith(`${block}-`))
  return (
    <details open={isWritten || isWrong}>
      <summary className="w-fit cursor-pointer py-2 font-semibold text-primary">{label}</summary>
      <div className="mt-2">{children}</div>
    </details>
  )
}

const fieldOf =
  (block: string, { typed, errors }: Written) =>
  (field: string) => {
    const name = `${block}-${field}`
    return { name, defaultValue: typed[name] ?? '', error: errors[name], autoComplete: 'off' }
  }

/** @param startsHere the page is this form: who opens it begins to write */
function PersonFields({
  block,
  isPupil = false,
  startsHere = false,
  ...written
}: Written & { block: string; isPupil?: boolean; startsHere?: boolean }) {
  const field = fieldOf(block, written)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        {...field('fiscalCode')}
        autoFocus={startsHere}
        label="Codice fiscale"
        hint={
          isPupil
            ? '16 lettere e cifre, o 11 cifre. Vuoto: non ce l’ha ancora.'
            : '16 lettere e cifre, o 11 cifre se provvisorio.'
        }
        maxLength={24}
        className="uppercase"
      />
      <Field
        {...field('birthDay')}
        type="date"
        label="Data di nascita"
        hint={
          isPupil ? 'Serve senza codice, o con uno di 11 cifre.' : 'Serve solo con un codice di 11 cifre.'
        }
      />
      <Field {...field('givenName')} label="Nome" maxLength={80} />
      <Field {...field('familyName')} label="Cognome" maxLength={80} />
    </div>
  )
}

function ContactFields({ block, ...written }: Written & { block: string }) {
  const field = fieldOf(block, written)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field {...field('email')} type="email" label="E-mail (facoltativa)" maxLength={200} />
      <Field {...field('phone')} type="tel" label="Telefono (facoltativo)" maxLength={40} />
    </div>
  )
}

type PupilProps = Written & { block: string; at: number; offer: RegistrationOffer; startsHere: boolean }

const PupilBlock = (props: PupilProps) =>
  props.at === 0 ? (
    <PupilPart {...props} legend="Alunno" />
  ) : (
    <Optional label={`Aggiungi un alunno (${props.at + 1})`} {...props}>
      <PupilPart {...props} legend={`Alunno ${props.at + 1}`} />
    </Optional>
  )

function PupilPart({ block, offer, legend, startsHere, ...written }: PupilProps & { legend: string }) {
  const field = fieldOf(block, written)
  const years = [...new Set(offer.classes.map(({ yearName }) => yearName))]
  return (
    <Part legend={legend}>
      <PersonFields block={block} isPupil startsHere={startsHere} {...written} />
      <div className="grid items-end gap-4 sm:grid-cols-2">
        <SelectField {...field('classId')} label="Classe">
          <option value="">Scegli…</option>
          {years.map((year) => (
            <optgroup key={year} label={year}>
              {offer.classes
                .filter(({ yearName }) => yearName === year)
                .map(({ id, name, schoolName }) => (
                  <option key={id} value={id}>
                    {name} · {schoolName}
                  </option>
                ))}
            </optgroup>
          ))}
        </SelectField>
        <Field {...field('from')} type="date" label="Dal giorno" hint="Vuoto: dal primo giorno possibile." />
        <Field
          {...field('weekdays')}
          label="Giorni in cui mangia"
          hint="Per esempio: lun mer ven. Vuoto: tutti i giorni della scuola."
          maxLength={60}
        />
      </div>
      <Services block={block} services={offer.services} {...written} />
      {offer.bands.length > 0 && <Bands block={block} offer={offer} {...written} />}
      <Choice
        id={`${block}-diet`}
        type="checkbox"
        name={`${block}-diet`}
        value="si"
        label="Chiede una dieta speciale"
        hint="Resta da definire finché non la decidi in Diete."
        defaultChecked={written.typed[`${block}-diet`] === 'si'}
      />
    </Part>
  )
}

/** The price from the first day on; the bands of several services say which one they are of. */
function Bands({ block, offer, ...written }: Written & { block: string; offer: RegistrationOffer }) {
  return (
    <SelectField {...fieldOf(block, written)('band')} label="Tariffa">
      <option value="">Prezzo intero</option>
      {offer.bands.map((band) => (
        <option key={bandValue(band)} value={bandValue(band)}>
          {offer.services.length > 1 && `${band.serviceName} · `}
          {band.name}
          {band.priceCents !== null && ` · ${formatEuro(band.priceCents)}`}
        </option>
      ))}
    </SelectField>
  )
}

/** Of one service there is nothing to choose. */
function Services({
  block,
  services,
  typed,
  errors,
}: Written & { block: string; services: RegistrationOffer['services'] }) {
  const name = `${block}-services`
  const [first] = services
  if (services.length === 1) return <input type="hidden" name={`${name}[]`} value={first?.id} />
  const ticked = typed[`${name}[]`]?.split(',') ?? [first?.id]
  return (
    <ChoiceGroup name={name} legend="Servizi" error={errors[name]}>
      {services.map(({ id, name: label }, at) => (
        <Choice
          key={id}
          id={at === 0 ? name : `${name}-${id}`}
          type="checkbox"
          name={`${name}[]`}
          value={id}
          label={label}
          defaultChecked={ticked.includes(id)}
        />
      ))}
    </ChoiceGroup>
  )
}

/** What the first press answered: who may be there already, what would happen, and the button of the second. */
function Confirmation({
  preview,
  error,
  families,
}: {
  preview: RegistrationValue | undefined
  error: string | undefined
  families: string
}) {
  const mayConfirm = preview && !preview.isBlocked
  return (
    <>
      {preview && (
        <Answer said={JSON.stringify([preview.seen, preview.doubles])}>
          {preview.doubles.length > 0 && <Doubles {...preview} families={families} />}
          {mayConfirm && <Consequences lines={preview.lines} seen={{ seen: preview.seen }} />}
        </Answer>
      )}
      {(preview?.isDoubtful || error) && (
        <Choice
          id="checked"
          type="checkbox"
          name="checked"
          value="si"
          label="Ho controllato: è un’altra persona, e nomi e codici sono quelli del documento"
          defaultChecked={false}
        />
      )}
      <PressesInRow
        isShown={Boolean(preview)}
        mayConfirm={Boolean(mayConfirm)}
        confirmLabel="Conferma e registra"
        previewLabel="Vedi che cosa succederà"
      />
    </>
  )
}

function Doubles({ doubles, isBlocked, families }: RegistrationValue & { families: string }) {
  return (
    <Notice
      kind="warning"
      live
      title={isBlocked ? 'È già registrato: qui non si salva niente' : 'Forse c’è già: controlla prima'}
    >
      <ul className="list-disc ps-5">
        {doubles.map(({ name, householdId, householdName, why }) => (
          <li key={`${name} ${householdId} ${why}`}>
            {name}
            {householdId && (
              <>
                , famiglia{' '}
                <Link href={`${families}/${householdId}`} prefetch={false}>
                  {householdName}
                </Link>
              </>
            )}
            : {why}.
          </li>
        ))}
      </ul>
    </Notice>
  )
}
