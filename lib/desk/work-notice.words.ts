import { italian, plural } from '#lib/words/language.ts'
import type { WaitingKind } from './waiting-work.ts'
import { waitingWorkInWords } from './waiting-work.words.ts'
import type { URGENT_KINDS } from './work-notice.ts'
import type { DeskLine } from './work-take.ts'
import { ageInWords, takeInWords } from './work-take.words.ts'

/** For colleagues: the office works in Italian. */
type WorkMail = { subject: string; text: string }

type Office = { name: string; slug: string; origin: string }

const closing = ({ name, slug, origin }: Office): string =>
  `Mensa scolastica di ${name}
Per scegliere quali avvisi ricevere: ${origin}/admin/${slug}/avvisi
`

/** The mail of the day: what waits, since when and who has it. No name of a family is in it. */
export function digestMail(office: Office, lines: readonly DeskLine[], now: Date): WorkMail {
  const total = lines.reduce((sum, { count }) => sum + count, 0)
  const said = lines.map((line) => {
    const take = takeInWords(line.take, now)
    return `- ${waitingWorkInWords(line)}, ${ageInWords(line.oldest, now)}${take ? ` (${take})` : ''}`
  })
  return {
    subject: `${italian(plural('{n} cosa aspetta', '{n} cose aspettano'), { n: total })} l’ufficio della mensa di ${office.name}`,
    text: `Buongiorno,

che cosa aspetta, e da quanto:

${said.join('\n')}

Tutto il resto è nel portale:
${office.origin}/admin/${office.slug}/oggi

${closing(office)}`,
  }
}

type UrgentKind = (typeof URGENT_KINDS)[number]

const URGENT: Readonly<Record<UrgentKind, string>> = {
  'open-days':
    'Il termine è passato da più di cinque minuti e il conteggio non è chiuso: la cucina aspetta i numeri definitivi. Guarda i conteggi; se non si chiude, avvisa l’assistenza.',
  'severe-diets':
    'Una famiglia ha scritto che il bambino rischia una reazione grave, e la dieta è da decidere. La cucina lo legge già nel conteggio: decidi la dieta prima che mangi.',
  'unseen-counts':
    'Il conteggio di oggi, o la sua ultima versione, è partito e la cucina non ha detto di averlo visto nel tempo che avete deciso. Telefona alla cucina: in «Conteggi» c’è quale, e per quali scuole.',
  payments:
    'In un pagamento i soldi non sono dove dicono i conti, per una somma che la regola considera grande. Guarda che cosa è successo.',
}

/** The mail about urgent work: alone, with where to go. No name and no amount is in it. */
export function urgentMail(
  office: Office,
  { kind, count, place }: { kind: UrgentKind; count: number; place: string },
): WorkMail {
  return {
    subject: `Urgente, ${office.name}: ${waitingWorkInWords({ kind: kind satisfies WaitingKind, count })}`,
    text: `${URGENT[kind]}

${office.origin}/admin/${office.slug}/${place}

${closing(office)}`,
  }
}
