import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { MunicipalityChoice } from '#lib/school/municipality.ts'
import { plural, type Words } from '#lib/words/language.ts'
import { useWords } from '#words'

function SearchForm({ search }: { search: string }) {
  const t = useWords()
  return (
    <search className="mt-6 block max-w-xl">
      <form action="/">
        <label htmlFor="cerca" className="mb-1.5 block font-semibold">
          {t('Cerca il tuo Comune')}
        </label>
        <div className="flex flex-wrap gap-3">
          <input
            id="cerca"
            name="cerca"
            type="search"
            defaultValue={search}
            maxLength={80}
            autoComplete="address-level2"
            enterKeyHint="search"
            className="min-h-14 min-w-0 flex-1 basis-56 rounded border-2 border-white bg-white px-4 text-lg text-body"
          />
          <Button look="inverse" size="lg" icon="search">
            {t('Cerca')}
          </Button>
        </div>
      </form>
    </search>
  )
}

function Choice({ choice }: { choice: MunicipalityChoice }) {
  return (
    <li
      data-surface
      className="relative flex items-center gap-4 rounded-lg border border-line bg-white p-5 shadow-low hover:border-primary"
    >
      <span className="flex size-12 shrink-0 items-center justify-center rounded-full bg-primary-light text-info">
        <Icon name="landmark" size="lg" />
      </span>
      <span className="min-w-0 flex-1">
        <a
          href={`/${choice.slug}`}
          className="stretched text-xl font-semibold text-ink no-underline hover:underline"
        >
          {choice.name} <span className="font-normal text-muted">({choice.province})</span>
        </a>
        <span className="block text-muted">{choice.operatorName}</span>
      </span>
      <Icon name="chevron-right" size="lg" className="text-primary" />
    </li>
  )
}

const countInWords = (t: Words, count: number): string =>
  t(plural('{n} Comune trovato', '{n} Comuni trovati'), { n: count })

/** The first question of the portal. It works as a plain form: the answer is another page with `?cerca=`. */
export function MunicipalitySearch({ search, choices }: { search: string; choices: MunicipalityChoice[] }) {
  const t = useWords()
  return (
    <>
      <div className="bg-primary-dark text-white">
        <div className="container-page py-10 sm:py-16">
          <h1 className="max-w-3xl text-3xl text-white sm:text-5xl">
            {t('La mensa scolastica, in un posto solo')}
          </h1>
          <p className="mt-3 max-w-2xl text-lg">
            {t(
              'Disdici un pasto, controlla il saldo e ricarica. Per cominciare, scegli il Comune della scuola.',
            )}
          </p>
          <SearchForm search={search} />
        </div>
      </div>
      <div className="container-page py-8 sm:py-12">
        {choices.length > 0 ? (
          <>
            <h2 className="mb-4 text-2xl">
              {search ? countInWords(t, choices.length) : t('Comuni che usano il portale')}
            </h2>
            <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
              {choices.map((choice) => (
                <Choice key={choice.slug} choice={choice} />
              ))}
            </ul>
            {search && (
              <p className="mt-6">
                <a href="/">{t('Mostra tutti i Comuni')}</a>
              </p>
            )}
          </>
        ) : (
          <EmptyState
            icon="map-pin"
            title={
              search
                ? t('Nessun Comune corrisponde a “{search}”', { search })
                : t('Nessun Comune è ancora attivo')
            }
            action={search ? <a href="/">{t('Mostra tutti i Comuni')}</a> : undefined}
          >
            {search && (
              <p>
                {t(
                  'Controlla come è scritto, oppure prova con le prime lettere. Il tuo Comune potrebbe non usare questo portale.',
                )}
              </p>
            )}
          </EmptyState>
        )}
      </div>
    </>
  )
}
