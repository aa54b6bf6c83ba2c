declare module "ischia:shared" {
  /** Modules of the first script that parts ask for, by file; the build writes it. */
  export const shared: Readonly<Record<string, object>>;
}
