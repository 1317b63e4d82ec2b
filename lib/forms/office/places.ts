/** The pupils of a class against its places. */
export type ClassCount = {
  classId: string
  className: string
  schoolId: string
  schoolName: string
  /** Pupils enrolled in the class, of each service; on its last day of the year or today. */
  services: { name: string; n: number }[]
  pupils: number
  places: number | null
}
