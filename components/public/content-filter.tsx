import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { type ContentFilter, contentFilterQuery, isContentFiltered } from '#lib/content/content.address.ts'
import { CONTENT_KINDS, type ContentKind, categoriesOf } from '#lib/content/content.ts'
import { phrase } from '#lib/words/language.ts'
import { useWords } from '#words'

/** Looking for something in a list: a plain form whose answer is the list at another address. */
export function ContentFilterForm({
  municipalitySlug,
  kind,
  filter,
}: {
  municipalitySlug: string
  kind: ContentKind
  filter: ContentFilter
}) {
  const t = useWords()
  const path = `/${municipalitySlug}/${CONTENT_KINDS[kind].path}`
  const { text, category, from, to } = filter
  return (
    <search className="mb-8 block">
      <form
        action={path}
        data-surface
        className="grid items-end gap-4 rounded-lg border border-line bg-white p-4 shadow-low sm:p-5 xs:grid-cols-2 lg:grid-cols-[2.4fr_1fr_1fr_auto]"
      >
        {category && <input type="hidden" name="categoria" value={category} />}
        <div className="xs:col-span-2 lg:col-span-1">
          <Field
            label={t('Cerca')}
            name="cerca"
            type="search"
            defaultValue={text}
            maxLength={80}
            enterKeyHint="search"
          />
        </div>
        <Field label={t('Dal')} name="dal" type="date" defaultValue={from ?? ''} />
        <Field label={t('Al')} name="al" type="date" defaultValue={to ?? ''} />
        <Button icon="search" className="xs:col-span-2 lg:col-span-1">
          {t('Cerca')}
        </Button>
      </form>
      {isContentFiltered(filter) && (
        <p className="mt-3">
          <a href={path}>{t('Togli i filtri')}</a>
        </p>
      )}
    </search>
  )
}

/** The categories as links, for readers who prefer to browse. */
export function CategoryLinks({
  municipalitySlug,
  kind,
  current,
}: {
  municipalitySlug: string
  kind: ContentKind
  current: string
}) {
  const t = useWords()
  const path = `/${municipalitySlug}/${CONTENT_KINDS[kind].path}`
  return (
    <nav aria-label={t('Categorie')} className="mb-5 print:hidden">
      <ul className="flex flex-wrap gap-2">
        {[['', phrase('Tutte')] as const, ...Object.entries(categoriesOf(kind))].map(([key, words]) => (
          <li key={key}>
            <a
              href={path + contentFilterQuery({ category: key })}
              data-element={kind === 'news' && key ? 'news-category-link' : undefined}
              aria-current={key === current ? 'true' : undefined}
              className="inline-flex min-h-11 items-center rounded-full border-2 border-primary bg-white px-4 font-semibold no-underline hover:bg-primary-light aria-[current=true]:bg-primary aria-[current=true]:text-white"
            >
              {t(words)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
