export interface Member {
  name: string
  method: number
  packed: number
  size: number
  offset: number
}

export function listZip(path: string): Promise<Member[]>
export function extractMember(
  path: string,
  member: Member,
  target: string,
  onBytes?: (bytes: number) => void,
): Promise<void>
