import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InboxList } from '#components/notifications/inbox-list.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { choicesOf, inboxOf } from '#lib/notifications/notification.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { fill } from '#lib/words/fill.ts'
import { plural } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { readAll } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Notifiche') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

const Address = ({ email }: { email: string | null }) => (
  <strong className="font-semibold break-all">{email}</strong>
)

export default async function Notifications({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const t = await readWords()
  const [inbox, choices] = await Promise.all([
    inboxOf(viewer, readPage(query.pagina), t.language),
    choicesOf(viewer),
  ])
  if (!inbox || !choices) notFound()
  return (
    <>
      <PageHeading
        title={t('Notifiche')}
        lead={
          inbox.unread === 0
            ? t('Hai letto tutto.')
            : t(plural('{n} da leggere.', '{n} da leggere.'), { n: inbox.unread })
        }
        actions={
          <ButtonLink href={`/${municipalitySlug}/profilo/notifiche`} look="secondary" icon="settings">
            {t('Scegli che cosa ti arriva')}
          </ButtonLink>
        }
      />
      {choices.isEmailRefused && (
        <div className="mb-6">
          <Notice
            kind="warning"
            title={t('La tua e-mail non riceve')}
            action={
              <ButtonLink href={`/${municipalitySlug}/profilo`} look="secondary" icon="mail">
                {t('Cambia l’e-mail')}
              </ButtonLink>
            }
          >
            <p>
              {fill(t('I messaggi a {email} tornano indietro: finché non la cambi, li trovi solo qui.'), {
                email: <Address key="email" email={choices.email} />,
              })}
            </p>
          </Notice>
        </div>
      )}
      <InboxList municipalitySlug={municipalitySlug} inbox={inbox} readAll={readAll} />
      <div className="mt-6">
        <Pagination
          label={t('Pagine delle notifiche')}
          page={inbox.page}
          pages={inbox.pages}
          hrefOf={(page) => `/${municipalitySlug}/notifiche?pagina=${page}`}
          previous={t('Più recenti')}
          next={t('Meno recenti')}
        />
      </div>
    </>
  )
}
