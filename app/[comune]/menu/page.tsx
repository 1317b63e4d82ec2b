import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { MenuChoice } from '#components/menus/menu-choice.tsx'
import { MenuNotes } from '#components/menus/menu-notes.tsx'
import { MenuWeek, weekOf } from '#components/menus/menu-week.tsx'
import { WeekNav } from '#components/menus/week-nav.tsx'
import { JsonLd } from '#components/public/json-ld.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { addDays } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import { dayMenu } from '#lib/menus/day-menu.ts'
import { dietCode, menuPath, readAskedMenu } from '#lib/menus/menu.address.ts'
import { municipalityMenus } from '#lib/menus/menu.queries.ts'
import { menuJsonLd } from '#lib/menus/open-data.ts'
import { weekDays } from '#lib/menus/rotation.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { nonceIn } from '#lib/web/security-headers.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ comune: municipalitySlug }, t] = await Promise.all([params, readWords()])
  const description = t(
    'Che cosa si mangia a scuola, settimana per settimana e scuola per scuola, con gli allergeni scritti a parole e le sostituzioni per le diete.',
  )
  return {
    title: t('Menù'),
    description,
    alternates: {
      canonical: `/${municipalitySlug}/menu`,
      types: {
        'text/csv': `/${municipalitySlug}/menu.csv`,
        'application/json': `/${municipalitySlug}/menu.json`,
      },
    },
    openGraph: { title: t('Menù della mensa scolastica'), description, url: `/${municipalitySlug}/menu` },
  }
}

/** The public menu: one school, one week, one diet, all in the address. It prints on one sheet for the fridge. */
export default async function PublicMenu({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const [book, sent, t] = await Promise.all([municipalityMenus(municipality), headers(), readWords()])
  const asked = readAskedMenu(book, typed)
  const days = asked
    ? weekDays(asked.monday).map((day) => ({
        day,
        menu: dayMenu(book, asked.school.id, day, dietCode(asked)),
      }))
    : []
  const at = asked && { school: asked.school.slug, diet: asked.diet?.slug }
  return (
    <div className="container-page py-6 sm:py-10 print:py-0">
      <Breadcrumb
        items={[{ label: t('Mensa scolastica'), href: `/${municipalitySlug}` }, { label: t('Menù') }]}
      />
      <h1 className="text-3xl sm:text-4xl print:text-2xl">{t('Menù della mensa')}</h1>
      {!asked || !at ? (
        <NoMenu t={t} />
      ) : (
        <>
          <div className="mt-5">
            <MenuChoice
              path={`/${municipalitySlug}/menu`}
              schools={book.schools}
              diets={book.diets}
              school={asked.school.slug}
              diet={asked.diet?.slug ?? ''}
              week={typed.settimana === undefined ? null : asked.monday}
            />
          </div>
          <section className="menu-sheet mt-6 grid gap-5 print:mt-1 print:gap-2" aria-labelledby="settimana">
            <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3">
              <h2 id="settimana" className="text-2xl print:text-xl">
                <span lang="it">{asked.school.name}</span>
                {asked.diet && (
                  <span lang="it" className="font-normal">
                    {' '}
                    · {asked.diet.name}
                  </span>
                )}
              </h2>
              <WeekNav
                title={`${numericDay(asked.monday, t.language)} – ${numericDay(addDays(asked.monday, 4), t.language)}`}
                previous={asked.previous && menuPath(municipalitySlug, { ...at, week: asked.previous })}
                next={asked.next && menuPath(municipalitySlug, { ...at, week: asked.next })}
              />
            </div>
            <MenuWeek days={weekOf(days, book.today, t.language)} headingLevel="h3" />
            <MenuNotes phone={municipality.operator.phone} diet={asked.diet !== null} />
          </section>
          <ReuseLinks municipalitySlug={municipalitySlug} at={at} updatedAt={book.updatedAt} t={t} />
          <JsonLd
            nonce={nonceIn(sent.get('content-security-policy'))}
            data={menuJsonLd(
              t('Menù della mensa, {school}', { school: asked.school.name }),
              days,
              env().PUBLIC_ORIGIN + menuPath(municipalitySlug, { ...at, week: asked.monday }),
            )}
          />
        </>
      )}
    </div>
  )
}

function NoMenu({ t }: { t: Words }) {
  return (
    <div className="mt-6">
      <EmptyState icon="utensils-crossed" title={t('Nessun menù pubblicato')}>
        <p>{t('Quando il gestore lo pubblicherà, lo troverai qui.')}</p>
      </EmptyState>
    </div>
  )
}

/** Every week on paper, and the same as open data. */
function ReuseLinks({
  municipalitySlug,
  at,
  updatedAt,
  t,
}: {
  municipalitySlug: string
  at: { school: string; diet: string | undefined }
  updatedAt: Date | null
  t: Words
}) {
  return (
    <div className="mt-8 print:hidden">
      <h2 className="text-2xl">{t('Da stampare o da riusare')}</h2>
      <p className="mt-2 max-w-3xl">
        {t(
          'Per appenderlo in cucina stampa questa pagina dal menù del tuo browser: una settimana sta su un foglio. Oppure prendi tutta la rotazione, una settimana per foglio.',
        )}
      </p>
      <div className="mt-4 flex flex-wrap gap-3">
        <ButtonLink href={menuPath(municipalitySlug, at, 'menu/rotazione')} look="secondary" icon="printer">
          {t('Tutte le settimane')}
        </ButtonLink>
        <ButtonLink
          href={menuPath(municipalitySlug, { school: at.school }, 'menu.csv')}
          look="secondary"
          icon="download"
          download
        >
          {t('Scarica in CSV')}
        </ButtonLink>
        <ButtonLink
          href={menuPath(municipalitySlug, { school: at.school }, 'menu.json')}
          look="secondary"
          icon="download"
          download
        >
          {t('Scarica in JSON')}
        </ButtonLink>
      </div>
      {updatedAt && (
        <p className="mt-4 text-sm text-muted">
          {t('Ultimo aggiornamento: {when}. Dati aperti con licenza CC BY 4.0.', {
            when: instantInWords(updatedAt, t),
          })}
        </p>
      )}
    </div>
  )
}
