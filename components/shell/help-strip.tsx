/** The same way to a person, in the same place of every page (WCAG 3.2.6). */
export function HelpStrip({
  comune,
  operator,
}: {
  comune: string
  operator: { name: string; phone: string }
}) {
  return (
    <aside aria-label="Assistenza" className="mt-10 border-t border-line pt-5 text-ink print:hidden">
      <p>
        <strong className="font-semibold">Hai bisogno di assistenza?</strong> Chiama {operator.name} al{' '}
        <a href={`tel:${operator.phone.replace(/[^+\d]/g, '')}`} className="whitespace-nowrap">
          {operator.phone}
        </a>{' '}
        oppure leggi le <a href={`/${comune}/assistenza`}>domande frequenti</a>.
      </p>
    </aside>
  )
}
