import { Icon } from '#components/ui/icon.tsx'
import type { Weekday } from '#lib/kernel/day.ts'
import type { MenuFinding } from '#lib/menus/menu-check.ts'
import { weekdayName } from '#lib/words/format-day.ts'

type Links = { week: (week: number) => string; dish: (id: string) => string; replacements: string }

const at = ({ week, weekday }: { week: number; weekday: number }) =>
  `${weekdayName(weekday as Weekday)} della settimana ${week}`

function wordsOf(finding: MenuFinding, dietName: (code: string) => string, links: Links) {
  switch (finding.kind) {
    case 'empty-day':
      return { words: `Nessun piatto ${at(finding)}`, href: links.week(finding.week) }
    case 'gone-dish':
      return { words: `Un piatto tolto dall’elenco ${at(finding)}`, href: links.week(finding.week) }
    case 'no-allergens':
      return { words: `Allergeni da dichiarare: ${finding.dishName}`, href: links.dish(finding.dishId) }
    case 'no-replacement':
      return {
        words: `${dietName(finding.diet)}: manca la sostituzione di ${finding.dishName}`,
        href: links.replacements,
      }
    case 'unsuited-replacement':
      return {
        words: `${dietName(finding.diet)}: la sostituzione di ${finding.dishName} non è adatta`,
        href: links.replacements,
      }
  }
}

const MOST_SHOWN = 12

/** What stands between a menu and the families, each with the way to put it right. */
export function CheckList({
  findings,
  diets,
  links,
}: {
  findings: readonly MenuFinding[]
  diets: readonly { code: string; name: string }[]
  links: Links
}) {
  if (findings.length === 0)
    return (
      <p className="flex items-start gap-2 text-success">
        <Icon name="circle-check" className="mt-0.5" />
        Ogni giorno ha i suoi piatti, ogni piatto i suoi allergeni, ogni dieta le sue sostituzioni.
      </p>
    )
  const dietName = (code: string) => diets.find((diet) => diet.code === code)?.name ?? code
  return (
    <>
      <p className="font-semibold text-warning">Da sistemare prima di pubblicare: {findings.length}</p>
      <ul className="mt-2 grid list-disc gap-1 ps-6">
        {findings.slice(0, MOST_SHOWN).map((finding) => {
          const { words, href } = wordsOf(finding, dietName, links)
          return (
            <li key={words}>
              <a href={href}>{words}</a>
            </li>
          )
        })}
        {findings.length > MOST_SHOWN && <li>e altri {findings.length - MOST_SHOWN}.</li>}
      </ul>
    </>
  )
}
