import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { ownAnswerInWords } from '#lib/forms/own-answer.words.ts'
import type { ShownSection } from '#lib/forms/shown-answers.words.ts'
import { useWords } from '#words'

/**
 * Questions and answers as they were given, section by section.
 * @param editHref where to change a section; without it the sheet is only to be read
 */
export function AnswersSheet({
  sections,
  editHref,
  documentPath,
  forgotten = [],
}: {
  sections: readonly ShownSection[]
  editHref?: (stepId: string) => string
  documentPath: string
  /** Documents whose content is no longer kept. */
  forgotten?: readonly string[]
}) {
  const t = useWords()
  return (
    <div className="grid gap-6">
      {sections.map((section) => (
        <Card
          key={section.stepId}
          title={<span lang="it">{section.title}</span>}
          titleId={`passo-${section.stepId}`}
          aside={
            editHref && (
              <a href={editHref(section.stepId)} className="print:hidden">
                {t('Modifica')}
                <span lang="it" className="sr-only">
                  {` ${section.title}`}
                </span>
              </a>
            )
          }
        >
          <DataList
            items={section.rows.map((row) => ({
              term: <span lang="it">{row.label}</span>,
              value: row.own ? (
                ownAnswerInWords(row.own, t)
              ) : row.documents.length === 0 ? (
                <span lang="it" className="break-words whitespace-pre-line">
                  {row.value}
                </span>
              ) : (
                <ul className="grid gap-1">
                  {row.documents.map(({ id, name }) => (
                    <li key={id} className="break-all">
                      {forgotten.includes(id) ? (
                        `${name} (${t('non più conservato')})`
                      ) : (
                        <a href={documentPath + id}>{name}</a>
                      )}
                    </li>
                  ))}
                </ul>
              ),
            }))}
          />
        </Card>
      ))}
    </div>
  )
}
