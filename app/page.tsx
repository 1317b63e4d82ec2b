import { x } from '#lib/money.ts'
import { cookies } from 'next/headers'
export default async function Page() { await cookies(); return <p>ciao {x}</p> }
