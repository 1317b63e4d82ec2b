import type { Metadata } from 'next'
import { SignInProblem } from '#components/access/sign-in-problem.tsx'
import { defectReference, signInErrorCode, signInErrors } from '#lib/identity/sign-in-errors.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = { searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await readWords()
  return { title: t(signInErrors[signInErrorCode((await searchParams).c)].title) }
}

/** For a sign-in of which not even the municipality is known: it began in another browser, or its cookies were lost. */
export default async function SignInErrorWithoutMunicipality({ searchParams }: Props) {
  const { c, r } = await searchParams
  return (
    <main id="contenuto" tabIndex={-1} className="container-page py-8">
      <SignInProblem
        words={signInErrors[signInErrorCode(c)]}
        againHref="/"
        office={null}
        reference={defectReference(r)}
      />
    </main>
  )
}
