import { useWords } from '#words'

type Account = { accountId: string; name: string }

/** Which account to read, for a holder with more than one. */
export function AccountChoice({
  here,
  accounts,
  current,
}: {
  here: string
  accounts: Account[]
  /** Null: none is chosen yet. */
  current: string | null
}) {
  const t = useWords()
  return (
    <nav aria-label={t('Conto')} className="print:hidden">
      <ul className="flex flex-wrap gap-3">
        {accounts.map(({ accountId, name }) => (
          <li key={accountId}>
            <a
              href={`${here}?conto=${accountId}`}
              aria-current={accountId === current ? 'page' : undefined}
              className="inline-flex min-h-12 items-center rounded border-2 border-line-strong bg-white px-4 py-2 font-semibold no-underline aria-[current=page]:border-primary aria-[current=page]:bg-primary-light aria-[current=page]:text-primary-deep"
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
