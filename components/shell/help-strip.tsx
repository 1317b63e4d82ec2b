import { PhoneLink } from '#components/ui/phone-link.tsx'
import { fill } from '#lib/words/fill.ts'
import { useWords } from '#words'

/** The same way to a person, in the same place of every page (WCAG 3.2.6). */
export function HelpStrip({
  municipalitySlug,
  operator,
}: {
  municipalitySlug: string
  operator: { name: string; phone: string }
}) {
  const t = useWords()
  return (
    <aside aria-label={t('Assistenza')} className="mt-10 border-t border-line pt-5 text-ink print:hidden">
      <p>
        {fill(t('{strong} Chiama {name} al {link} oppure leggi le {link2}.', { name: operator.name }), {
          strong: (
            <strong key="strong" className="font-semibold">
              {t('Hai bisogno di assistenza?')}
            </strong>
          ),
          link: <PhoneLink key="link" number={operator.phone} />,
          link2: (
            <a key="link2" href={`/${municipalitySlug}/assistenza`}>
              {t('domande frequenti')}
            </a>
          ),
        })}
      </p>
    </aside>
  )
}
