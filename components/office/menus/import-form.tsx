'use client'

import { useActionState } from 'react'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Weekday } from '#lib/kernel/day.ts'
import { COURSES, type Course } from '#lib/menus/dish.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { weekdayName } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import type { Hidden, MenuAction } from './action-form.tsx'

export type Preview = {
  text: string
  problems: { line: number; problem: string }[]
  lines: number
  days: { week: number; weekday: number; dishes: string[] }[]
  newDishes: { name: string; course: Course; declared: boolean }[]
}

function Problems({ problems }: { problems: Preview['problems'] }) {
  return (
    <Notice kind="error" live title={`Righe da correggere: ${problems.length}`} headingLevel="h3">
      <ul className="grid list-disc gap-1 ps-6">
        {problems.map(({ line, problem }) => (
          <li key={`${line} ${problem}`}>
            Riga {line}: {problem}.
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function WhatItDoes({ preview }: { preview: Preview }) {
  return (
    <>
      <Notice
        kind="info"
        live
        title={`${italian(plural('{n} riga letta', '{n} righe lette'), { n: preview.lines })}, nessun errore`}
        headingLevel="h3"
      >
        <p>
          {preview.newDishes.length === 0
            ? 'Tutti i piatti sono già nell’elenco.'
            : `Piatti nuovi: ${preview.newDishes
                .map(
                  ({ name, course, declared }) =>
                    `${name} (${COURSES[course]}${declared ? '' : ', allergeni da dichiarare'})`,
                )
                .join('; ')}.`}
        </p>
        <p>I giorni qui sotto prendono il posto di quelli che ci sono; gli altri restano come sono.</p>
      </Notice>
      <Table caption="Che cosa sarà importato">
        <thead>
          <tr>
            <th scope="col">Settimana</th>
            <th scope="col">Giorno</th>
            <th scope="col">Piatti</th>
          </tr>
        </thead>
        <tbody>
          {preview.days.map(({ week, weekday, dishes }) => (
            <tr key={`${week}-${weekday}`}>
              <td>{week}</td>
              <td>{weekdayName(weekday as Weekday)}</td>
              <td>{dishes.join('; ')}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}

/** A rotation from a sheet: first the preview, line by line, then the import. */
export function ImportForm({ hidden, action }: { hidden: Hidden; action: MenuAction<Preview> }) {
  const [state, send] = useActionState(action, UNTOUCHED)
  const preview = state.ok ? state.value : undefined
  const ready = preview !== undefined && preview.problems.length === 0
  return (
    <form action={send} noValidate className="grid gap-5 *:min-w-0">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      {preview && (ready ? <WhatItDoes preview={preview} /> : <Problems problems={preview.problems} />)}
      {ready ? (
        <>
          <input type="hidden" name="text" value={preview.text} />
          <div className="flex flex-wrap gap-3">
            <Button name="step" value="importa" icon="check">
              Importa
            </Button>
            {/* This page, from the beginning. */}
            <ButtonLink href="" look="secondary">
              Annulla
            </ButtonLink>
          </div>
        </>
      ) : (
        <>
          <Field
            name="file"
            type="file"
            label="Il foglio, salvato come CSV"
            accept=".csv,text/csv,text/plain"
          />
          <TextAreaField
            key={preview?.text ?? state.typed.text ?? ''}
            name="text"
            label="Oppure incolla qui le righe"
            hint="La prima riga ha i nomi delle colonne: settimana; giorno; portata; piatto; allergeni; non_adatto_a."
            rows={8}
            defaultValue={preview?.text ?? state.typed.text}
          />
          <div>
            <Button name="step" value="anteprima" icon="eye">
              Mostra l’anteprima
            </Button>
          </div>
        </>
      )}
    </form>
  )
}
