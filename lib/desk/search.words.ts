import { dayInRome } from '#lib/kernel/day.ts'
import { officeCalendarPath, officeReceiptPath } from '#lib/meals/office/on-behalf.address.ts'
import { classTitle } from '#lib/school/class-name.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import type { Found } from './search.ts'

/** A line of what a search found. */
export type FoundLine = { label: string; detail: string; href: string }
export type FoundGroup = { title: string; lines: FoundLine[] }

/** Who telephones is found by name: of the first, the calendar is one press away. */
const MOST_CALENDARS = 3

const ROLES = { holder: 'intestatario', delegate: 'delegato' } as const

/** What a search found, by kind, in words and with where each leads. */
export function foundInWords(found: Found, municipalitySlug: string): FoundGroup[] {
  const base = `/admin/${municipalitySlug}`
  const family = (householdId: string) => `${base}/famiglie/${householdId}`
  const groups: FoundGroup[] = [
    {
      title: 'Alunni',
      lines: found.pupils.map(({ name, where, householdId }) => ({
        label: name,
        detail: where ?? 'non iscritto',
        href:
          householdId === null
            ? `${base}/alunni?${new URLSearchParams({ cerca: name, stato: '' })}`
            : family(householdId),
      })),
    },
    calendarsIn(found, municipalitySlug),
    {
      title: 'Genitori e delegati',
      lines: found.adults.map(({ name, role, household, householdId }) => ({
        label: name,
        detail: `${ROLES[role]}, ${household}`,
        href: family(householdId),
      })),
    },
    {
      title: 'Classi',
      lines: found.classes.map(({ id, name, school, year }) => ({
        label: classTitle(name),
        detail: year === null ? school : `${school}, ${year}`,
        href:
          id === null
            ? `${base}/classi`
            : `${base}/famiglie/classi?${new URLSearchParams({ classe: id, ...(year && { anno: year }) })}`,
      })),
    },
    paymentsInWords(found, base),
    {
      title: 'Giorni',
      lines: found.day
        ? [
            {
              label: longDayWithYear(found.day),
              detail: 'conteggi del giorno',
              href: `${base}/conteggi?giorno=${found.day}`,
            },
          ]
        : [],
    },
    ...numberedInWords(found, base, municipalitySlug),
    {
      title: 'Pagine',
      lines: found.pages.map(({ label, group, path }) => ({
        label,
        detail: group,
        href: `${base}/${path}`,
      })),
    },
  ]
  return groups.filter(({ lines }) => lines.length > 0)
}

/** The calendars of the first pupils, for a colleague who has a parent on the telephone. */
const calendarsIn = ({ changesMeals, pupils }: Found, municipalitySlug: string): FoundGroup => ({
  title: 'Pasti: disdici o ripristina',
  lines: (changesMeals ? pupils.slice(0, MOST_CALENDARS) : []).flatMap(({ id, name, where }) =>
    id === null || where === null
      ? []
      : [{ label: `Pasti di ${name}`, detail: where, href: officeCalendarPath(municipalitySlug, id) }],
  ),
})

/** What carries a number. */
const numberedInWords = (
  { invoices, receipts, requests }: Found,
  base: string,
  municipalitySlug: string,
): FoundGroup[] => [
  {
    title: 'Fatture',
    lines: invoices.map(({ id, number, holder }) => ({
      label: `Fattura ${number}`,
      detail: holder,
      href: `${base}/pagamenti/fatture/${id}`,
    })),
  },
  {
    title: 'Ricevute di disdetta',
    lines: receipts.map(({ id, number, household, at }) => ({
      label: `Ricevuta ${number}`,
      detail: `${household}, ${dated`del ${numericDay(dayInRome(at))}`}`,
      href: officeReceiptPath(municipalitySlug, id),
    })),
  },
  {
    title: 'Domande',
    lines: requests.map(({ id, formId, number, about, from }) => ({
      label: `Domanda ${number}`,
      detail: about ? `${about}, da ${from}` : `da ${from}`,
      href: `${base}/moduli/${formId}/domande/${id}`,
    })),
  },
]

const paymentsInWords = ({ payments }: Found, base: string): FoundGroup => ({
  title: 'Pagamenti',
  lines: payments.map(({ id, order, household, amountCents, at }) => ({
    label: `${formatEuro(amountCents)}, ${household}`,
    detail: `ordine ${order}, ${dated`del ${numericDay(dayInRome(at))}`}`,
    href: `${base}/denaro/${id}`,
  })),
})
