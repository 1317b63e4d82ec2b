import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ChildSwitch } from '#components/meals/child-switch.tsx'
import { ChildMenu } from '#components/menus/child-menu.tsx'
import { WeekNav } from '#components/menus/week-nav.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { addDays, parseDay } from '#lib/kernel/day.ts'
import { familyMenus } from '#lib/menus/menu.queries.ts'
import { mondayOf, weekDays } from '#lib/menus/rotation.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readWords())('Menù dei figli') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

/** So far a family looks ahead or back from today. */
const MOST_WEEKS = 40

export default async function ChildrensMenus({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed, t] = await Promise.all([params, searchParams, readWords()])
  const viewer = await requireViewer(municipalitySlug)
  const asked = parseDay(typed.settimana)
  const mondayFor = (today: string) => {
    const monday = mondayOf(asked ?? addDays(today, 2))
    const far = addDays(monday, -7 * MOST_WEEKS) > today || addDays(monday, 7 * MOST_WEEKS) < today
    return far ? mondayOf(today) : monday
  }
  const page = await familyMenus(viewer, (today) => weekDays(mondayFor(today)))
  if (!page) notFound()
  const monday = mondayFor(page.today)
  const shown = page.children.find(({ pupilId }) => pupilId === typed.figlio) ?? page.children[0]
  const at = (day: string, child = shown?.pupilId) =>
    `/${municipalitySlug}/menu-figli?${child ? `figlio=${child}&` : ''}settimana=${day}`
  return (
    <>
      {/* On paper the child's own heading says it all, and leaves the sheet to the week. */}
      <div className="print:hidden">
        <PageHeading
          title={t('Menù dei figli')}
          actions={
            <ButtonLink
              href={`/${municipalitySlug}/profilo/calendario`}
              look="secondary"
              icon="calendar-days"
            >
              {t('Nel calendario del telefono')}
            </ButtonLink>
          }
        />
      </div>
      {typed.fatto === 'giudizio' && (
        <div className="mb-6">
          <Notice kind="success" live title={t('Grazie, il giudizio è arrivato')}>
            <p>{t('Lo puoi cambiare per sette giorni dal pasto.')}</p>
          </Notice>
        </div>
      )}
      {!shown ? (
        <EmptyState icon="users" title={t('Nessun alunno iscritto alla mensa oggi')} />
      ) : (
        <>
          <ChildSwitch
            items={page.children.map(({ pupilId, givenName }) => ({
              href: at(monday, pupilId),
              label: givenName,
              current: pupilId === shown.pupilId,
            }))}
          />
          <div className="grid gap-6">
            <WeekNav
              title={`${numericDay(monday, t.language)} – ${numericDay(addDays(monday, 4), t.language)}`}
              previous={at(addDays(monday, -7))}
              next={at(addDays(monday, 7))}
            />
            <ChildMenu municipalitySlug={municipalitySlug} child={shown} today={page.today} />
          </div>
        </>
      )}
    </>
  )
}
