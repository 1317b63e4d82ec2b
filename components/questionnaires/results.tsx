import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import type { QuestionResult } from '#lib/questionnaires/questionnaire.ts'
import { formatNumber } from '#lib/words/format-number.ts'
import { plural } from '#lib/words/language.ts'
import { useWords } from '#words'

const [WIDTH, ROW] = [320, 18]

const percent = (people: number, of: number): string => `${Math.round((people / of) * 100)}%`

/** One bar, drawn on the server; the number beside it says the same. */
function Bar({ share }: { share: number }) {
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${ROW}`}
      aria-hidden="true"
      className="h-4 w-full min-w-24"
      preserveAspectRatio="none"
    >
      <rect width={WIDTH} height={ROW} rx={3} className="fill-muted-surface" />
      <rect width={WIDTH * share} height={ROW} rx={3} className="fill-primary" />
    </svg>
  )
}

function ResultTable({ result, number }: { result: QuestionResult; number: number }) {
  const t = useWords()
  const { question, bars, answered } = result
  return (
    <div lang="it">
      <Table caption={`${number}. ${question.words}`} captionHidden>
        <thead lang={t.language}>
          <tr>
            <th scope="col">{t('Risposta')}</th>
            <th scope="col" className="text-end!">
              {t('Quanti')}
            </th>
            <th scope="col" className="w-2/5 max-sm:hidden">
              <span className="sr-only">{t('Grafico')}</span>
            </th>
          </tr>
        </thead>
        <tbody lang={t.language}>
          {bars.map((bar) => (
            <tr key={bar.label}>
              <th scope="row" className="font-normal wrap-anywhere">
                <span lang="it">{bar.label}</span>
                {bar.people !== null && answered ? (
                  <span className="mt-1 block sm:hidden">
                    <Bar share={bar.people / answered} />
                  </span>
                ) : null}
              </th>
              <td className="text-end whitespace-nowrap">
                {bar.people === null ? (
                  <span className="text-muted">{t('non mostrato')}</span>
                ) : (
                  <>
                    <strong className="text-ink">{bar.people}</strong>
                    {answered !== null && answered > 0 && ` (${percent(bar.people, answered)})`}
                  </>
                )}
              </td>
              <td className="max-sm:hidden">
                {bar.people !== null && answered ? <Bar share={bar.people / answered} /> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

/**
 * Question by question: a table whose rows carry their bar.
 * @param texts question → what was written; for the office only
 */
export function QuestionnaireResults({
  results,
  texts = {},
}: {
  results: readonly QuestionResult[]
  texts?: Readonly<Record<string, readonly string[]>>
}) {
  const t = useWords()
  return (
    <div className="grid gap-6">
      {results.map((result, index) => {
        const { question, answered, mean } = result
        const written = texts[question.id] ?? []
        return (
          <Card
            key={question.id}
            title={<span lang="it">{`${index + 1}. ${question.words}`}</span>}
            titleId={`risultati-${index + 1}`}
            className="print:break-inside-avoid"
          >
            <p className="mb-3 text-muted">
              {answered === null
                ? t('Hanno risposto in meno di 5: non mostriamo niente, per non far riconoscere nessuno.')
                : t(plural('{n} risposta', '{n} risposte'), { n: answered })}
              {mean !== null && ` · ${t('media {mean} su 5', { mean: formatNumber(mean, t.language, 1) })}`}
            </p>
            {question.kind !== 'text' && answered !== null && (
              <ResultTable result={result} number={index + 1} />
            )}
            {written.length > 0 && (
              <ul className="grid gap-2">
                {written.map((text, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: drawn once; two people may write the same.
                  <li key={place} className="border-s-4 border-line ps-3 whitespace-pre-line wrap-anywhere">
                    {text}
                  </li>
                ))}
              </ul>
            )}
          </Card>
        )
      })}
    </div>
  )
}
