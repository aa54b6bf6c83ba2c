// The named camera views, and the plates: whole scenes with a caption.
import { Command } from "../controls";
import { openPlate } from "../plates";
import type { Session } from "../session";
import { useSignal } from "../signal";

export function Views({ session, onDone }: { session: Session; onDone?: () => void }) {
  const scene = useSignal(session.scene);
  const { views: all, plates } = session.anatomy.catalogue;
  const views = Object.values(all);
  return (
    <div class="views">
      <ul class="view-grid">
        {views.map((view, i) => (
          <li key={view.id}>
            <button
              type="button"
              class="view"
              aria-pressed={scene.camera.view === view.id}
              aria-keyshortcuts={i < 9 ? String(i + 1) : undefined}
              onClick={() => {
                session.setView(view.id);
                onDone?.();
              }}
            >
              <span>{view.name}</span>
              {i < 9 && (
                <span class="kbd" aria-hidden="true">
                  {i + 1}
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {plates.length > 0 && <p id="plates">{session.t("Plates")}</p>}
      {plates.length > 0 && (
        <ul aria-labelledby="plates">
          {plates.map((plate) => (
            <li key={plate.id}>
              <Command
                icon="book"
                onClick={() => {
                  openPlate(session, plate);
                  onDone?.();
                }}
              >
                {plate.name}
              </Command>
            </li>
          ))}
        </ul>
      )}
      <Command icon="focus" onClick={() => void session.frame(scene.selected ? [scene.selected] : [])}>
        {scene.selected ? session.t("Zoom to the selection") : session.t("Fit all that is shown")}
      </Command>
    </div>
  );
}
