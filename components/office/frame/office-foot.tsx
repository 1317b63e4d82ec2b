/** One line under every page of the office: the way to the public pages, and what the law wants near. */
export function OfficeFoot({
  municipalitySlug,
  aboveBar,
}: {
  municipalitySlug: string
  /** Leaves room for the phone's bottom bar. */
  aboveBar: boolean
}) {
  const links = [
    [`/${municipalitySlug}`, 'Pagine pubbliche'],
    [`/${municipalitySlug}/assistenza`, 'Assistenza'],
    [`/${municipalitySlug}/privacy`, 'Informativa privacy'],
    [`/${municipalitySlug}/accessibilita`, 'Dichiarazione di accessibilità'],
  ] as const
  return (
    <footer
      id="piede"
      tabIndex={-1}
      className={`mt-auto border-t border-line text-sm print:hidden ${aboveBar ? 'pb-20 lg:pb-0' : ''}`}
    >
      <ul className="flex flex-wrap gap-x-6 px-4 sm:px-6">
        {links.map(([href, label]) => (
          <li key={href}>
            <a href={href} className="flex min-h-11 items-center sm:min-h-8">
              {label}
            </a>
          </li>
        ))}
      </ul>
    </footer>
  )
}
