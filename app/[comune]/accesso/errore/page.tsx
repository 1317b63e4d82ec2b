import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SignInProblem } from '#components/access/sign-in-problem.tsx'
import { safeReturnPath, signInPath } from '#lib/access/return-path.ts'
import { signInErrorCode, signInErrors } from '#lib/identity/sign-in-errors.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await readWords()
  return { title: t(signInErrors[signInErrorCode((await searchParams).c)].title) }
}

export default async function SignInErrorPage({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { c, ritorno }] = await Promise.all([params, searchParams])
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  return (
    <div className="container-page py-8">
      <SignInProblem
        words={signInErrors[signInErrorCode(c)]}
        againHref={signInPath(municipalitySlug, safeReturnPath(ritorno, municipalitySlug))}
        office={municipality.operator}
      />
    </div>
  )
}
