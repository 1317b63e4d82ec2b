import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MethodChoice } from '#components/access/method-choice.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officialMarks } from '#lib/auth/marks.ts'
import { safeReturnPath } from '#lib/auth/return-path.ts'
import { requireViewer } from '#lib/auth/session.ts'
import { wayBack } from '#lib/auth/step-up.ts'
import { words } from '#lib/language/words.ts'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await words()
  return { title: t('Conferma chi sei') }
}

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<{ ritorno?: string | string[] }> }

/** Asks for SPID or CIE once more before something sensitive, and says where it leads back to. */
export default async function ConfirmIdentity({ params, searchParams }: Props) {
  const t = await words()
  const [{ comune }, query] = await Promise.all([params, searchParams])
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  await requireViewer(comune)
  const ritorno = safeReturnPath(query.ritorno, comune)
  const isOffice = ritorno?.startsWith('/admin/') ?? false
  return (
    <div className="container-page py-8">
      <PageHeading
        title={t('Conferma chi sei')}
        lead={t(
          'Per questa operazione ci serve SPID o CIE di adesso, anche se hai già effettuato l’accesso.',
        )}
      />
      <p className="mb-6 max-w-3xl">
        {isOffice
          ? t(
              'Riguarda i dati di altre persone: così nessuno può farla al posto tuo da un computer lasciato aperto. Dopo torni dove eri, con quello che avevi già scritto.',
            )
          : t(
              'Riguarda chi può vedere i dati della tua famiglia, o dove ti scriviamo: così nessuno può farla al posto tuo da un telefono lasciato aperto. Dopo torni dove eri, con quello che avevi già scritto.',
            )}
      </p>
      <MethodChoice comune={comune} ritorno={ritorno} marks={officialMarks()} />
      <div className="mt-6">
        <ButtonLink href={wayBack(ritorno) ?? `/${comune}/altro`} look="quiet" icon="arrow-left">
          {t('Torna indietro senza cambiare niente')}
        </ButtonLink>
      </div>
    </div>
  )
}
