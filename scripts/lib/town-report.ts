import type { NotThere, TownReport } from '#db/town/create-town.ts'
import type { TownPlan } from '#db/town/make-town.ts'
import type { FileProblem } from '#db/town/town-file.ts'
import { weekdaysInWords } from '#lib/school/schedule.words.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'

/** Everything that is wrong with a file, one line each, at its place. */
export const problemsInWords = (problems: readonly FileProblem[]): string =>
  [
    problems.length === 1 ? 'C’è una cosa da correggere:' : `Ci sono ${problems.length} cose da correggere:`,
    ...problems.map(({ place, words }) => `  ${place ? `${place}: ` : ''}${words}`),
    'Non ho scritto niente.',
  ].join('\n')

const WHAT: Readonly<Record<NotThere['what'], (name: string) => string>> = {
  school: (name) => `la scuola ${name}: si aggiunge da Impostazioni, Scuole e classi`,
  service: (name) => `il servizio ${name}`,
  manager: () => 'il responsabile del file: chi è già responsabile lo aggiunge fra i colleghi',
}

const MADE = (plan: TownPlan, { classes }: TownReport): string[] => [
  `  gestore: ${plan.operator.name}`,
  dated`  anno scolastico ${plan.year.name}, servizio dal ${numericDay(plan.year.serviceFrom)} al ${numericDay(plan.year.serviceTo)}`,
  ...plan.services.map(
    ({ name, priceCents, weekdays, cutoffTime, cutoffDaysBefore }) =>
      `  ${name}: ${formatEuro(priceCents)}, ${weekdaysInWords(weekdays)}, si disdice entro le ${cutoffTime}${cutoffDaysBefore === 0 ? ' del giorno stesso' : `, ${cutoffDaysBefore} giorni prima`}`,
  ),
  `  scuole: ${plan.schools.map(({ name }) => name).join(', ')}; classi: ${classes}`,
]

/** What was made, or is there already, and what is still missing before families may enter. */
export function reportInWords(report: TownReport, plan: TownPlan): string {
  const { name } = plan.municipality
  const { facts } = report
  const missing = report.steps.filter(({ isDone, isNeeded }) => isNeeded && !isDone)
  const advised = report.steps.filter(({ isDone, isNeeded }) => !isNeeded && !isDone)
  const bullet = ({ title, words }: { title: string; words: string }) => `  ${title}: ${words}`
  return [
    report.isNew
      ? `Creato il Comune di ${name}, all’indirizzo /${report.slug}`
      : `Il Comune all’indirizzo /${report.slug} c’è già: non ho cambiato niente.`,
    ...(report.isNew
      ? MADE(plan, report)
      : [`  scuole: ${facts.schools}; classi: ${report.classes}; servizi: ${facts.services}`]),
    `  giorni di servizio da disdire, sommando le scuole: ${facts.openDays}`,
    ...(report.notThere.length > 0
      ? [
          'Nel file c’è, e nel portale no:',
          ...report.notThere.map(({ what, name: own }) => `  ${WHAT[what](own)}`),
        ]
      : []),
    ...(missing.length > 0 ? ['Prima che entrino le famiglie manca:', ...missing.map(bullet)] : []),
    ...(advised.length > 0 ? ['Da completare in Impostazioni:', ...advised.map(bullet)] : []),
    facts.isOpen
      ? 'Le famiglie possono entrare.'
      : facts.opensOn
        ? dated`Le famiglie entrano dal ${numericDay(facts.opensOn)}.`
        : 'Le famiglie non entrano ancora: lo decide il responsabile, in «Primo avvio».',
    `Adesso il responsabile entra con SPID o CIE da /${report.slug}/accesso e trova «Primo avvio».`,
  ].join('\n')
}
