import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AcknowledgeForm } from '#components/communications/acknowledge-form.tsx'
import { CommunicationSheet, sheetEyebrow } from '#components/communications/communication-sheet.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { readVersionNumber } from '#lib/communications/communication.address.ts'
import { openCommunication } from '#lib/communications/communication.commands.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'
import { written } from '#lib/words/written.ts'
import { confirmRead } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Comunicazione') }
}

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

export default async function CommunicationPage({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { versione }, t] = await Promise.all([
    params,
    searchParams,
    readWords(),
  ])
  const viewer = await requireViewer(municipalitySlug)
  const found = await openCommunication(viewer, id, readVersionNumber(versione))
  if (!found) notFound()
  const path = `/${municipalitySlug}/comunicazioni/${id}`
  const { text, withdrawn, versions } = found
  const crumbs = [
    { label: t('Comunicazioni'), href: `/${municipalitySlug}/comunicazioni` },
    { label: written(found.title) },
  ]
  if (!text)
    return (
      <>
        <Breadcrumb items={crumbs} />
        <PageHeading title={<span lang="it">{found.title}</span>} />
        <div className="max-w-3xl">
          <Notice
            kind="warning"
            title={t('L’ufficio ha ritirato questa comunicazione')}
            action={
              <ButtonLink href={`/${municipalitySlug}/comunicazioni`} look="secondary" icon="arrow-left">
                {t('Tutte le comunicazioni')}
              </ButtonLink>
            }
          >
            <p>
              {withdrawn &&
                t('Il {when}. Motivo: {reason}', {
                  when: instantInWords(withdrawn.at, t),
                  reason: withdrawn.reason,
                })}
            </p>
            <p className="mt-1">{t('Non devi fare niente di quello che chiedeva.')}</p>
          </Notice>
        </div>
      </>
    )
  return (
    <>
      <Breadcrumb items={crumbs} />
      <PageHeading
        title={<span lang="it">{found.title}</span>}
        eyebrow={sheetEyebrow(text.kind, found.publishedAt, t)}
        actions={
          <>
            <PrintButton label={t('Stampa')} />
            {text.isCurrent && (
              <ButtonLink
                href={`/api/${municipalitySlug}/comunicazioni/${id}/pdf`}
                look="secondary"
                icon="download"
              >
                {t('Scarica il PDF')}
              </ButtonLink>
            )}
          </>
        }
      />
      <CommunicationSheet
        municipalitySlug={municipalitySlug}
        path={path}
        text={text}
        versions={versions}
        form={
          <AcknowledgeForm
            municipalitySlug={municipalitySlug}
            id={id}
            version={text.version}
            action={confirmRead}
          />
        }
      />
      <p className="mt-8 print:hidden">
        <a href={`/${municipalitySlug}/comunicazioni`}>{t('Tutte le comunicazioni')}</a>
      </p>
    </>
  )
}
