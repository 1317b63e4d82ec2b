import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { operationInWords, signInInWords } from '#lib/audit/audit-event.words.ts'
import { type DataAccess, dataAccesses } from '#lib/privacy/personal-data.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { type Phrase, phrase, properName, type Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Accessi ai miei dati') }
}

const BY: Readonly<Record<string, Phrase>> = {
  ufficio: phrase('L’ufficio mensa'),
  sistema: phrase('Il sistema'),
}

const author = (t: Words, { by, isOwn }: DataAccess): string =>
  isOwn ? t('Tu') : t(BY[by] ?? properName(by))

export default async function DataAccesses({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const data = await dataAccesses(viewer)
  if (!data) notFound()
  return (
    <>
      <Breadcrumb
        items={[
          { label: t('Profilo'), href: `/${municipalitySlug}/profilo` },
          { label: t('Accessi ai miei dati') },
        ]}
      />
      <PageHeading
        title={t('Accessi ai miei dati')}
        lead={t(
          'Chi ha letto o cambiato i dati della tua famiglia, e quando hai fatto l’accesso. Li teniamo 24 mesi.',
        )}
      />
      <div className="grid gap-10 *:min-w-0 max-xs:[&_td]:px-2! max-xs:[&_th]:px-2!">
        <section aria-labelledby="operazioni">
          <h2 id="operazioni" className="mb-4 text-2xl">
            {t('Letture e cambiamenti')}
          </h2>
          {data.accesses.length === 0 ? (
            <EmptyState icon="history" title={t('Ancora niente')}>
              <p>{t('Qui compare ogni volta che qualcuno legge o cambia i dati della tua famiglia.')}</p>
            </EmptyState>
          ) : (
            <Card flush>
              <Table caption={t('Letture e cambiamenti dei tuoi dati')} captionHidden>
                <thead>
                  <tr>
                    <th scope="col">{t('Quando')}</th>
                    <th scope="col">{t('Chi')}</th>
                    <th scope="col">{t('Che cosa')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.accesses.map((access) => (
                    <tr key={access.id}>
                      <td className="sm:whitespace-nowrap">{instantInWords(access.occurredAt, t)}</td>
                      <th scope="row" className="font-semibold">
                        {author(t, access)}
                      </th>
                      <td>
                        {t(operationInWords(access.action))}
                        {access.outcome === 'refused' && ` ${t('(rifiutata)')}`}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </Card>
          )}
        </section>
        <section aria-labelledby="ingressi">
          <h2 id="ingressi" className="mb-4 text-2xl">
            {t('I tuoi accessi')}
          </h2>
          <Card flush>
            <Table caption={t('I tuoi accessi al portale')} captionHidden>
              <thead>
                <tr>
                  <th scope="col">{t('Quando')}</th>
                  <th scope="col">{t('Che cosa')}</th>
                  <th scope="col">{t('Con')}</th>
                </tr>
              </thead>
              <tbody>
                {data.signIns.map((line) => (
                  <tr key={line.id}>
                    <td className="sm:whitespace-nowrap">{instantInWords(line.occurredAt, t)}</td>
                    <th scope="row" className="font-semibold">
                      {signInInWords(line.outcome, t)}
                    </th>
                    <td>{line.method?.toUpperCase() ?? '—'}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Card>
        </section>
      </div>
    </>
  )
}
