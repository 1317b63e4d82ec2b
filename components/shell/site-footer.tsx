import type { ReactNode } from 'react'
import { Courtesy } from '#components/language/courtesy.tsx'
import { PhoneLink } from '#components/ui/phone-link.tsx'
import type { MunicipalitySettings } from '#lib/school/settings.ts'
import { fill } from '#lib/words/fill.ts'
import { useWords } from '#words'
import { Mark } from './site-header.tsx'

/** What the foot says of a municipality. */
export type FooterMunicipality = {
  slug: string
  name: string
  address: string
  fiscalCode: string
  phone: string
  email: string
  pec: string
  operator: { name: string; phone: string; email: string }
  settings: Pick<
    MunicipalitySettings,
    'coatOfArms' | 'siteUrl' | 'transparencyUrl' | 'appointmentUrl' | 'reportUrl' | 'officeHours'
  >
}

/** Of a municipality no more than its foot says: it travels to the browser. */
export function footerMunicipality(municipality: FooterMunicipality): FooterMunicipality {
  const { slug, name, address, fiscalCode, phone, email, pec, operator, settings } = municipality
  const { coatOfArms, siteUrl, transparencyUrl, appointmentUrl, reportUrl, officeHours } = settings
  return {
    slug,
    name,
    address,
    fiscalCode,
    phone,
    email,
    pec,
    operator: { name: operator.name, phone: operator.phone, email: operator.email },
    settings: { coatOfArms, siteUrl, transparencyUrl, appointmentUrl, reportUrl, officeHours },
  }
}

function Column({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h2 className="mb-3 border-b border-white/40 pb-2 text-base text-white">{title}</h2>
      <ul className="grid gap-1 text-sm">{children}</ul>
    </div>
  )
}

const LINK = 'inline-flex min-h-11 sm:min-h-8 items-center text-white hover:text-white'

function Contacts({ phone, email, pec }: { phone: string; email: string; pec?: string }) {
  const t = useWords()
  return (
    <>
      <li>
        {fill(t('Telefono {link}'), {
          link: <PhoneLink key="link" number={phone} className={LINK} />,
        })}
      </li>
      <li>
        <a className={LINK} href={`mailto:${email}`}>
          {email}
        </a>
      </li>
      {pec && (
        <li>
          {fill(t('PEC {link}'), {
            link: (
              <a key="link" className={LINK} href={`mailto:${pec}`}>
                {pec}
              </a>
            ),
          })}
        </li>
      )}
    </>
  )
}

/** A link to another site of the municipality; nothing while the municipality has not given it. */
function Away({ href, label, element }: { href: string; label: string; element?: string }) {
  if (!href) return null
  return (
    <li>
      <a className={LINK} href={href} data-element={element}>
        {label}
      </a>
    </li>
  )
}

/**
 * What the law wants at the foot of every page of a municipality, and who answers for what.
 * @param address the address of the page being drawn, with its query; none for the office, which is Italian
 * @param aboveBar leaves room for the phone's bottom bar
 */
export function SiteFooter({
  municipality,
  address,
  aboveBar = false,
}: {
  municipality: FooterMunicipality
  address?: string
  aboveBar?: boolean
}) {
  const t = useWords()
  const { slug, operator, settings } = municipality
  return (
    <footer
      id="piede"
      tabIndex={-1}
      className={`mt-auto bg-ink text-white print:hidden ${aboveBar ? 'pb-20 lg:pb-0' : ''}`}
    >
      <div className="container-page py-10">
        <div className="mb-8 flex items-center gap-3">
          <Mark coatOfArms={municipality.settings.coatOfArms} className="size-12" />
          <p className="text-lg font-semibold">{t('Comune di {name}', { name: municipality.name })}</p>
        </div>
        <div className="grid gap-8 sm:grid-cols-2 lg:grid-cols-3">
          <Column title={t('Comune')}>
            <li>{municipality.address}</li>
            <li>{t('Codice fiscale {fiscalCode}', { fiscalCode: municipality.fiscalCode })}</li>
            <Contacts phone={municipality.phone} email={municipality.email} pec={municipality.pec} />
            {settings.officeHours && <li lang="it">{settings.officeHours}</li>}
            <Away href={settings.siteUrl} label={t('Sito istituzionale')} />
            <Away href={settings.transparencyUrl} label={t('Amministrazione trasparente')} />
          </Column>
          <Column title={t('Gestore della mensa')}>
            <li>{operator.name}</li>
            <Contacts phone={operator.phone} email={operator.email} />
            <li>
              <a className={LINK} href={`/${slug}/assistenza`} data-element="contacts">
                {t('Assistenza')}
              </a>
            </li>
            <li>
              <a className={LINK} href={`/${slug}/assistenza#domande`} data-element="faq">
                {t('Leggi le domande frequenti')}
              </a>
            </li>
            <Away
              href={settings.appointmentUrl}
              label={t('Prenota un appuntamento')}
              element="appointment-booking"
            />
            <Away
              href={settings.reportUrl}
              label={t('Segnala un disservizio')}
              element="report-inefficiency"
            />
          </Column>
          <Column title={t('Informazioni')}>
            <li>
              <a className={LINK} href={`/${slug}/privacy`} data-element="privacy-policy-link">
                {t('Informativa privacy')}
              </a>
            </li>
            <li>
              <a className={LINK} href={`/${slug}/note-legali`} data-element="legal-notes">
                {t('Note legali')}
              </a>
            </li>
            <li>
              <a className={LINK} href={`/${slug}/accessibilita`} data-element="accessibility-link">
                {t('Dichiarazione di accessibilità')}
              </a>
            </li>
            <li>
              <a className={LINK} href={`/${slug}/dati`}>
                {t('Dati aperti')}
              </a>
            </li>
            <li>
              <a className={LINK} href="/">
                {t('Cambia Comune')}
              </a>
            </li>
          </Column>
        </div>
        {address && <Courtesy address={address} />}
      </div>
    </footer>
  )
}

/** The foot of the pages that belong to no municipality yet. */
export function PortalFooter({ address }: { address?: string }) {
  const t = useWords()
  return (
    <footer id="piede" tabIndex={-1} className="mt-auto bg-ink text-white print:hidden">
      <div className="container-page py-8">
        <p className="text-sm">
          {t(
            'Refettorio è un portale aperto per le mense scolastiche: famiglie, gestore e Comune vedono gli stessi dati.',
          )}
        </p>
        {address && <Courtesy address={address} />}
      </div>
    </footer>
  )
}
