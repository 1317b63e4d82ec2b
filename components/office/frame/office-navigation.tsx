import type { SectionGroup } from '#components/shell/staff-sections.ts'
import { Icon } from '#components/ui/icon.tsx'
import { type WaitingWork, waitingAt } from '#lib/desk/waiting-work.ts'
import { allWaitingInWords } from '#lib/desk/waiting-work.words.ts'

/** How much waits, as a figure beside the name of a place. */
const countOf = (work: readonly WaitingWork[]): number => work.reduce((sum, { count }) => sum + count, 0)

/** The figure and, for a person who listens, what it counts. */
function Waiting({ id, work }: { id: string; work: readonly WaitingWork[] }) {
  return (
    <>
      <span
        aria-hidden="true"
        className="ms-auto rounded-full bg-primary-dark px-2 text-sm leading-5 font-semibold text-white"
      >
        {countOf(work)}
      </span>
      <span id={id} hidden>
        {allWaitingInWords(work)}
      </span>
    </>
  )
}

/** The places of the office by what people come for, beside the page: on anything as wide as a desktop. */
export function OfficeNavigation({
  groups,
  waiting,
  path,
}: {
  groups: readonly SectionGroup[]
  waiting: readonly WaitingWork[]
  /** The address of the page being drawn. */
  path: string
}) {
  return (
    <nav aria-label="Sezioni del gestore" className="office-navigation print:hidden">
      {groups.map(({ label, sections }) => (
        <div key={label}>
          <p className="px-3 pt-1.5 text-xs leading-tight font-semibold text-muted uppercase">{label}</p>
          <ul>
            {sections.map(({ key, href, label: name, icon }) => {
              const work = waitingAt(waiting, key)
              const id = work.length > 0 ? `attesa-${key}` : undefined
              return (
                <li key={key}>
                  <a
                    href={href}
                    aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
                    aria-describedby={id}
                    className="flex min-h-6 items-center gap-2 [@media(min-height:53rem)]:min-h-7 border-s-4 border-transparent px-2 text-[1rem] leading-tight text-ink no-underline hover:bg-canvas hover:text-primary-deep aria-[current=page]:border-primary aria-[current=page]:bg-canvas aria-[current=page]:font-semibold aria-[current=page]:text-primary-dark"
                  >
                    <Icon name={icon} size="sm" />
                    <span>{name}</span>
                    {id && <Waiting id={id} work={work} />}
                  </a>
                </li>
              )
            })}
          </ul>
        </div>
      ))}
    </nav>
  )
}
