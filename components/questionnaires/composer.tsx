'use client'

import { useActionState } from 'react'
import { Basis, type FieldWords, FormErrors, momentInWords } from '#components/office/form-errors.tsx'
import { Button } from '#components/ui/button.tsx'
import { Choice, ChoiceGroup, Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { MOST_OPTIONS, QUESTION_KINDS } from '#lib/questionnaires/questionnaire.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

const LABELS = {
  title: 'Titolo',
  intro: 'Introduzione',
  per: 'Chi risponde',
  anonymous: 'Anonimo',
  showsResults: 'Mostra i risultati alle famiglie',
  'schools[]': 'Per quali scuole',
  'classes[]': 'Per quali classi',
  opensAt: 'Si risponde dal',
  closesAt: 'Fino al',
  q: 'Le domande',
}

function wordsWith(places: Places): FieldWords {
  const names = new Map(
    places.flatMap(({ id, name, classes }) => [
      [id, name] as const,
      ...classes.map((one) => [one.id, `${one.name} (${name})`] as const),
    ]),
  )
  return {
    labels: LABELS,
    inWords: (name, value) => {
      if (name === 'per')
        return value === 'household' ? 'una risposta per famiglia' : 'una risposta per ogni figlio'
      if (name === 'anonymous' || name === 'showsResults') return value ? 'sì' : 'no'
      if (name.endsWith('[]'))
        return value
          .split(',')
          .flatMap((id) => names.get(id) ?? [])
          .join(', ')
      return name === 'opensAt' || name === 'closesAt' ? momentInWords(value) : value
    },
  }
}

type Save = (previous: FormState, form: FormData) => Promise<FormState>
type Value = (name: string) => string

function QuestionFrame({ index, count, value }: { index: number; count: number; value: Value }) {
  const name = (field: string) => `q${index}.${field}`
  const number = index + 1
  return (
    <fieldset
      id={`domanda-${number}`}
      className="group/q grid min-w-0 gap-4 rounded-lg border border-line bg-white p-4 sm:p-5"
      data-surface
    >
      <legend className="px-1 font-semibold text-ink">Domanda {number}</legend>
      <Field name={name('words')} label="La domanda" maxLength={300} defaultValue={value(name('words'))} />
      <SelectField name={name('kind')} label="Come si risponde" defaultValue={value(name('kind')) || 'one'}>
        {Object.entries(QUESTION_KINDS).map(([kind, words]) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
      </SelectField>
      {/* What the chosen kind does not need is hidden by the style sheet alone; what was written in it stays. */}
      <div className="group-has-[option[value=scale]:checked]/q:hidden group-has-[option[value=text]:checked]/q:hidden">
        <TextAreaField
          name={name('options')}
          label="Risposte possibili"
          hint={`Una per riga, al massimo ${MOST_OPTIONS}.`}
          rows={4}
          defaultValue={value(name('options'))}
        />
      </div>
      <div className="hidden gap-4 sm:grid-cols-2 group-has-[option[value=scale]:checked]/q:grid">
        <Field
          name={name('lowLabel')}
          label="Che cosa vuol dire 1"
          maxLength={60}
          defaultValue={value(name('lowLabel'))}
        />
        <Field
          name={name('highLabel')}
          label="Che cosa vuol dire 5"
          maxLength={60}
          defaultValue={value(name('highLabel'))}
        />
      </div>
      <Choice
        type="checkbox"
        id={name('required')}
        name={name('required')}
        label="La risposta è obbligatoria"
        defaultChecked={value(name('required')) === 'on'}
      />
      <QuestionButtons index={index} count={count} />
    </fieldset>
  )
}

/** Moves a question up or down, or takes it away; each press saves what is written. */
function QuestionButtons({ index, count }: { index: number; count: number }) {
  const number = index + 1
  return (
    <div className="flex flex-wrap gap-2">
      {index > 0 && (
        <Button
          look="quiet"
          icon="arrow-up"
          name="act"
          value={`up-${index}`}
          aria-label={`Sposta su la domanda ${number}`}
        >
          Su
        </Button>
      )}
      {index < count - 1 && (
        <Button
          look="quiet"
          icon="arrow-down"
          name="act"
          value={`down-${index}`}
          aria-label={`Sposta giù la domanda ${number}`}
        >
          Giù
        </Button>
      )}
      <Button
        look="quiet"
        icon="trash-2"
        name="act"
        value={`remove-${index}`}
        aria-label={`Togli la domanda ${number}`}
      >
        Togli
      </Button>
    </div>
  )
}

type Places = readonly { id: string; name: string; classes: readonly { id: string; name: string }[] }[]

function Recipients({ places, value }: { places: Places; value: Value }) {
  const schools = value('schools[]').split(',')
  const classes = value('classes[]').split(',')
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-semibold text-ink">Per chi</legend>
      <p className="text-sm text-muted">Se non scegli niente, per tutti gli iscritti.</p>
      {places.map((school) => (
        <div key={school.id} className="grid gap-2">
          <Choice
            type="checkbox"
            id={`scuola-${school.id}`}
            name="schools[]"
            value={school.id}
            label={school.name}
            defaultChecked={schools.includes(school.id)}
          />
          {school.classes.length > 0 && (
            <details className="ps-4" open={school.classes.some(({ id }) => classes.includes(id))}>
              <summary className="flex min-h-11 cursor-pointer items-center text-primary underline">
                Solo alcune classi
              </summary>
              <div className="flex flex-wrap gap-x-5">
                {school.classes.map((one) => (
                  <label
                    key={one.id}
                    htmlFor={`classe-${one.id}`}
                    className="flex min-h-11 items-center gap-2"
                  >
                    <input
                      type="checkbox"
                      id={`classe-${one.id}`}
                      name="classes[]"
                      value={one.id}
                      defaultChecked={classes.includes(one.id)}
                      className="size-6 accent-primary"
                    />
                    {one.name}
                  </label>
                ))}
              </div>
            </details>
          )}
        </div>
      ))}
    </fieldset>
  )
}

/** Who answers, whether by name, and who reads the results. */
function AnswerersFields({ value }: { value: Value }) {
  return (
    <>
      <ChoiceGroup legend="Chi risponde" name="per">
        <Choice
          id="per"
          name="per"
          value="child"
          label="Una risposta per ogni figlio"
          defaultChecked={value('per') !== 'household'}
        />
        <Choice
          id="per-household"
          name="per"
          value="household"
          label="Una risposta per famiglia"
          hint="Vale la prima, di uno dei due genitori."
          defaultChecked={value('per') === 'household'}
        />
      </ChoiceGroup>
      <div className="grid gap-3">
        <Choice
          type="checkbox"
          id="anonymous"
          name="anonymous"
          label="Anonimo"
          hint="Nessuno, nemmeno noi, può sapere chi ha risposto che cosa. I risultati si leggono solo dopo la fine e non si possono incrociare."
          defaultChecked={value('anonymous') === 'on'}
        />
        <Choice
          type="checkbox"
          id="showsResults"
          name="showsResults"
          label="Mostra i risultati alle famiglie"
          hint="Dopo la fine, solo i numeri: mai i testi."
          defaultChecked={value('showsResults') === 'on'}
        />
      </div>
    </>
  )
}

function WindowFields({ value, errors }: { value: Value; errors: Readonly<Record<string, string>> }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        name="opensAt"
        type="datetime-local"
        label="Si risponde dal"
        hint="Vuoto: da quando si pubblica."
        defaultValue={value('opensAt')}
        error={errors.opensAt}
      />
      <Field
        name="closesAt"
        type="datetime-local"
        label="Fino al"
        hint="A quell’ora è già chiuso."
        defaultValue={value('closesAt')}
        error={errors.closesAt}
      />
    </div>
  )
}

/** Everything of a draft on one page. Each button saves; adding, moving and removing questions need no JavaScript. */
export function Composer({
  municipalitySlug,
  id,
  version,
  fields,
  places,
  save,
}: {
  municipalitySlug: string
  id: string
  version: number
  /** As saved, by field name. */
  fields: Fields
  places: Places
  save: Save
}) {
  const here = `/admin/${municipalitySlug}/questionari/${id || 'nuovo'}`
  const [state, send] = useActionState(save, UNTOUCHED, here)
  const current = state.error ? state.typed : fields
  const value = (name: string) => current[name] ?? ''
  const count = Object.keys(current).filter((name) => /^q\d+\.kind$/.test(name)).length
  return (
    <form action={send} noValidate className="grid gap-6" aria-label="Questionario">
      <FormErrors state={state} words={wordsWith(places)} here={here} />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="id" value={id} />
      <Basis at={{ version }} fields={fields} typed={state.typed} />
      {/* Enter in a field saves: the first button of a form is the one it presses. */}
      <button type="submit" name="act" value="save" className="sr-only" tabIndex={-1} aria-hidden="true">
        Salva
      </button>
      <Field
        name="title"
        label="Titolo"
        maxLength={160}
        defaultValue={value('title')}
        error={state.error?.fields.title}
      />
      <TextAreaField
        name="intro"
        label="Introduzione"
        hint="Perché lo chiedete e che cosa ne farete."
        rows={3}
        maxLength={2000}
        defaultValue={value('intro')}
      />
      <AnswerersFields value={value} />
      <Recipients places={places} value={value} />
      <WindowFields value={value} errors={state.error?.fields ?? {}} />
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a question is called by.
        <QuestionFrame key={index} index={index} count={count} value={value} />
      ))}
      <div className="sticky bottom-16 z-10 -mx-1 flex flex-wrap items-center gap-3 bg-canvas px-1 py-3 lg:bottom-0">
        <SubmitButton icon="check" name="act" value="save">
          Salva la bozza
        </SubmitButton>
        <Button look="secondary" icon="plus" name="act" value="add" id="add">
          Aggiungi una domanda
        </Button>
      </div>
    </form>
  )
}
