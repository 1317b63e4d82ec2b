import { useWords } from '#words'
/** One link per child, and one for all of them. Nothing is drawn for an only child. */
export function ChildSwitch({ items }: { items: { href: string; label: string; current: boolean }[] }) {
  const t = useWords()
  if (items.length < 2) return null
  return (
    <nav aria-label={t('Figli')} className="mb-6 print:hidden">
      <ul className="flex flex-wrap gap-2">
        {items.map(({ href, label, current }) => (
          <li key={href}>
            <a
              href={href}
              aria-current={current ? 'page' : undefined}
              className="inline-flex min-h-12 items-center rounded-full border-2 border-primary bg-white px-5 font-semibold no-underline hover:bg-primary-light aria-[current=page]:bg-primary aria-[current=page]:text-white"
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
