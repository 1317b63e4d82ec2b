import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { countsQuery } from '#lib/kitchen/count.address.ts'
import { type CountsAsked, type PageOfSchools, SCHOOLS_PER_PAGE } from '#lib/kitchen/count-page.ts'

/** How to come to the schools that a page of the counts does not show, and to all of them for paper; nothing where one page holds them. */
export function CountsFinder({
  day,
  schools: { all, found, page, pages },
  which,
  path,
}: {
  day: Day
  schools: PageOfSchools
  which: CountsAsked
  path: string
}) {
  if (all <= SCHOOLS_PER_PAGE) return null
  const first = (page - 1) * SCHOOLS_PER_PAGE + 1
  const shown =
    pages > 1 ? `${first}–${Math.min(found, first + SCHOOLS_PER_PAGE - 1)} di ${found}` : String(found)
  return (
    <div className="mb-6 grid gap-3">
      <search className="print:hidden">
        <form action={path} className="flex flex-wrap items-end gap-3">
          <input type="hidden" name="giorno" value={day} />
          <Field
            name="cerca"
            type="search"
            label="Scuola o cucina"
            defaultValue={which.text}
            maxLength={80}
            autoComplete="off"
          />
          <Button icon="search" look="secondary">
            Cerca
          </Button>
          {pages > 1 && (
            <ButtonLink
              href={`${path}?${countsQuery(day, { ...which, whole: true })}`}
              look="secondary"
              icon="printer"
            >
              Tutte insieme, da stampare
            </ButtonLink>
          )}
        </form>
      </search>
      <p>
        {found === 0
          ? 'Nessuna scuola con questo nome.'
          : `Scuole: ${shown}${which.text ? ` con «${which.text}», su ${all}` : ''}. Il totale qui sopra è di tutte.`}
      </p>
    </div>
  )
}
