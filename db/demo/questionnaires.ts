import { addDays, type Day, instantInRome } from '#lib/kernel/day.ts'
import { EMPTY_QUESTION, type Question } from '#lib/questionnaires/questionnaire.ts'
import type { Db, Trx } from '../client.ts'
import type { DemoHousehold } from './municipality.ts'

type Sketch = {
  title: string
  intro: string
  per: 'child' | 'household'
  anonymous: boolean
  opensAt: Date
  closesAt: Date
  questions: Question[]
  /** One household in so many has not answered. */
  silentOneIn: number
}

const choice = (words: string, ...options: string[]): Question => ({ ...EMPTY_QUESTION, words, options })
const scale = (words: string, lowLabel: string, highLabel: string): Question => ({
  ...EMPTY_QUESTION,
  kind: 'scale',
  words,
  lowLabel,
  highLabel,
})
const words = (text: string): Question => ({ ...EMPTY_QUESTION, kind: 'text', words: text, required: false })

const sketches = (today: Day): Sketch[] => [
  {
    title: 'Com’è andato il primo mese di mensa?',
    intro: 'Un mese di mensa è passato: ci aiuti a capire che cosa funziona? Bastano due minuti.',
    per: 'household',
    anonymous: true,
    opensAt: instantInRome(addDays(today, -30), '08:00'),
    closesAt: instantInRome(addDays(today, -9), '18:00'),
    silentOneIn: 4,
    questions: [
      scale('Quanto siete contenti della mensa?', 'per niente', 'moltissimo'),
      choice('I bambini mangiano quello che trovano nel piatto?', 'Quasi tutto', 'Circa metà', 'Poco'),
      {
        ...choice(
          'Che cosa vi piacerebbe trovare più spesso?',
          'Verdura cruda',
          'Pesce',
          'Legumi',
          'Frutta a pezzi',
        ),
        kind: 'several',
      },
      words('C’è altro che volete dirci?'),
    ],
  },
  {
    title: 'Il menù d’inverno: che cosa ne pensa tuo figlio?',
    intro: 'Il nuovo menù è cominciato. Chiedi a tuo figlio e rispondi per lui.',
    per: 'child',
    anonymous: false,
    opensAt: instantInRome(addDays(today, -2), '08:00'),
    closesAt: instantInRome(addDays(today, 12), '18:00'),
    silentOneIn: 2,
    questions: [
      scale('Quanto gli piace il menù d’inverno?', 'per niente', 'moltissimo'),
      choice('Il momento del pranzo com’è?', 'Tranquillo', 'Un po’ rumoroso', 'Troppo rumoroso'),
      words('Quale piatto toglierebbe, e quale terrebbe?'),
    ],
  },
]

const REMARKS = [
  'La pasta al pomodoro piace a tutti, il passato di verdura molto meno.',
  'Grazie alle signore della mensa, sono gentilissime.',
  'Si potrebbe avere la frutta già tagliata per i più piccoli?',
  'A volte il primo arriva freddo.',
  'Bene così.',
  'Ci piacerebbe vedere il menù una settimana prima.',
]

/** A family's answer to a question: the same at every seed, different from the next family's. */
const pick = (question: Question, turn: number): { chosen: number[] | null; words: string | null } => {
  if (question.kind === 'text')
    return { chosen: null, words: REMARKS[Math.floor(turn / 3) % REMARKS.length] as string }
  if (question.kind === 'scale') return { chosen: [[4, 5, 3, 4, 5, 4, 2][turn % 7] as number], words: null }
  const first = ([0, 0, 1, 0, 2][turn % 5] as number) % question.options.length
  if (question.kind === 'one') return { chosen: [first], words: null }
  return { chosen: [...new Set([first, (turn * 3) % question.options.length])].sort(), words: null }
}

/** One open questionnaire and one that has closed and shows its results. The family of the manual has not answered the open one. */
export async function seedQuestionnaires(
  owner: Db,
  municipalityId: string,
  today: Day,
  households: readonly DemoHousehold[],
): Promise<void> {
  await owner.transaction().execute(async (trx) => {
    const { person_id: author } = await trx
      .selectFrom('staff_member')
      .select('person_id')
      .where('municipality_id', '=', municipalityId)
      .where('role', '=', 'manager')
      .executeTakeFirstOrThrow()
    for (const sketch of sketches(today)) await seedOne(trx, { municipalityId, author }, sketch, households)
  })
}

async function seedOne(
  trx: Trx,
  { municipalityId, author }: { municipalityId: string; author: string },
  sketch: Sketch,
  households: readonly DemoHousehold[],
): Promise<void> {
  const municipality_id = municipalityId
  const { id } = await trx
    .insertInto('questionnaire')
    .values({
      municipality_id,
      title: sketch.title,
      intro: sketch.intro,
      per: sketch.per,
      anonymous: sketch.anonymous,
      shows_results: true,
      opens_at: sketch.opensAt,
      closes_at: sketch.closesAt,
      saved_by: author,
      saved_at: sketch.opensAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const questions = await trx
    .insertInto('questionnaire_question')
    .values(
      sketch.questions.map(({ lowLabel, highLabel, options, ...question }, position) => ({
        municipality_id,
        questionnaire_id: id,
        position,
        ...question,
        options: [...options],
        low_label: lowLabel,
        high_label: highLabel,
      })),
    )
    .returning('id')
    .execute()
  await trx
    .updateTable('questionnaire')
    .set({ published_at: sketch.opensAt, published_by: author, announced_at: sketch.opensAt })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .execute()
  const answering = households
    .slice(1)
    .filter((_household, turn) => turn % sketch.silentOneIn !== 0)
    .flatMap((household) =>
      (sketch.per === 'child' ? household.pupilIds : [null]).map((pupilId) => ({ household, pupilId })),
    )
  const parts = await trx
    .insertInto('questionnaire_part')
    .values(
      answering.map(({ household, pupilId }, turn) => ({
        municipality_id,
        questionnaire_id: id,
        household_id: household.householdId,
        pupil_id: pupilId,
        ...(sketch.anonymous
          ? {}
          : {
              person_id: household.holderId,
              answered_at: new Date(sketch.opensAt.getTime() + turn * 3_600_000),
            }),
      })),
    )
    .returning('part')
    .execute()
  const answers = parts.flatMap(({ part }, turn) =>
    sketch.questions.flatMap((question, place) =>
      // Few people write words.
      question.kind === 'text' && turn % 3 !== 0
        ? []
        : [
            {
              municipality_id,
              questionnaire_id: id,
              question_id: questions[place]?.id as string,
              part: sketch.anonymous ? null : part,
              ...pick(question, turn + place),
            },
          ],
    ),
  )
  await trx.insertInto('questionnaire_answer').values(answers).execute()
}
