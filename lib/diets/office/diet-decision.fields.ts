import type { DietFacts } from '#lib/forms/office/diet-effect.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { longDay } from '#lib/words/format-day.ts'

/** The decision about a pupil's diet: what holds on the first open day stands in it already. */
export function dietDecisionFields({ diets, enrolments, firstDay }: DietFacts): OfficeField[] {
  const now = enrolments.find(({ from, to }) => from <= firstDay && to >= firstDay) ?? enrolments.at(-1)
  return [
    {
      kind: 'choice',
      name: 'dietCode',
      label: 'Dieta da preparare',
      value: now?.dietCode ?? '',
      options: [
        { value: '', label: 'Scegli…' },
        ...diets.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` })),
      ],
    },
    {
      kind: 'day',
      name: 'from',
      label: 'Vale dal',
      hint: `Il primo giorno ancora aperto in cucina è ${longDay(firstDay)}.`,
      value: firstDay,
    },
    { kind: 'day', name: 'to', label: 'Fino al', hint: 'Vuoto: fino alla fine dell’iscrizione.' },
    {
      kind: 'choice',
      name: 'nextDietCode',
      label: 'Dopo quel giorno',
      value: UNDECIDED_DIET,
      options: [
        { value: UNDECIDED_DIET, label: 'Di nuovo da definire' },
        { value: COMMON_DIET, label: 'Dieta comune' },
      ],
    },
    {
      kind: 'choice',
      name: 'severe',
      label: 'Rischia una reazione grave?',
      value: now?.severe ? 'si' : 'no',
      options: [
        { value: 'no', label: 'No' },
        { value: 'si', label: 'Sì: la cucina lo legge' },
      ],
    },
    {
      kind: 'text',
      name: 'reason',
      label: 'Motivo',
      hint: 'Resta nel registro; la famiglia non lo legge.',
      max: 200,
    },
  ]
}
