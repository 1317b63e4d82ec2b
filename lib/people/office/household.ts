import type { Day } from '#lib/kernel/day.ts'

/** A household as the office sees it. */
export type OfficeHousehold = {
  name: string
  pupils: { id: string; name: string }[]
  roles: {
    personId: string
    name: string
    role: 'holder' | 'delegate'
    since: Day
    phone: string | null
    isPhoneVerified: boolean
    email: string | null
  }[]
}
