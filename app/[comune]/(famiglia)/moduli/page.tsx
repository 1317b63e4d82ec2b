import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OpenForms, OwnSubmissions, UpcomingForms } from '#components/forms/form-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { formsFor } from '#lib/forms/form.queries.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireFiller } from '#lib/session/session.request.ts'
import { publicService } from '#lib/tariffs/public-service.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { doneInWords } from '#lib/words/done.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Moduli online') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

const DONE: Readonly<Record<string, Phrase>> = {
  bozza: phrase('La bozza è salvata: la trovi qui, anche da un altro dispositivo.'),
  eliminata: phrase('La bozza è stata eliminata.'),
}

export default async function OnlineForms({ params, searchParams }: Props) {
  const { comune: municipalitySlug } = await params
  const [viewer, municipality, { fatto }, t] = await Promise.all([
    requireFiller(municipalitySlug),
    municipalityBySlug(municipalitySlug),
    searchParams,
    readWords(),
  ])
  const found = municipality && (await formsFor(viewer))
  if (!found) notFound()
  const service = await publicService(municipality)
  const done = doneInWords(DONE, fatto)
  const draftsFirst = found.open.toSorted((a, b) => Number(b.hasDraft) - Number(a.hasDraft))
  return (
    <>
      <PageHeading
        title={t('Moduli online')}
        lead={t('Iscrizioni, richieste e bandi da compilare dal portale.')}
      />
      {allowedToFamily(viewer, 'contacts:manage') || (
        <p className="mb-6">
          <a href={`/${municipalitySlug}/accesso/non-abilitato`}>{t('Torna alle tue richieste')}</a>
        </p>
      )}
      <div className="grid gap-6">
        {done && (
          <Notice kind="success" live>
            <p>{t(done)}</p>
          </Notice>
        )}
        <OpenForms
          municipalitySlug={municipalitySlug}
          forms={draftsFirst}
          yearName={service?.yearName ?? ''}
        />
        <UpcomingForms forms={found.upcoming} />
        <OwnSubmissions municipalitySlug={municipalitySlug} submissions={found.submissions} />
      </div>
    </>
  )
}
