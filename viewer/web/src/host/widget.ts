// The anywidget contract: the same module in a notebook and in Panel.
import type { Scene } from "../generated/scene";
import { readScene } from "../scene/scene";
import { mount, type Settings } from "./mount";
import type { PartSources } from "./parts";
import type { Source } from "./source";

/** What a host's model offers (the part of anywidget's that is used here). */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** A scene that was sent may come back this much later; such an echo must not undo newer work. */
const ECHO_MS = 2000;

export function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  let sent: { text: string; time: number }[] = [];
  const recent = () => sent.filter(({ time }) => performance.now() - time < ECHO_MS);
  const send = (scene: Scene) => {
    sent = [...recent(), { text: JSON.stringify(scene), time: performance.now() }];
    model.set("scene", scene);
    model.save_changes();
  };
  const isEcho = (scene: unknown) => {
    try {
      const text = JSON.stringify(readScene(scene));
      return recent().some((scene) => scene.text === text);
    } catch {
      return false;
    }
  };
  const mounted = mount(el, {
    source: model.get("source") as Source,
    scene: model.get("scene"),
    settings: (model.get("settings") as Settings | undefined) ?? {},
    parts: (model.get("parts") as PartSources | undefined) ?? {},
    onScene: send,
    onSelected: (name) => {
      model.set("selected", name);
      model.save_changes();
    },
  });
  const onScene = () => {
    const scene = model.get("scene");
    if (isEcho(scene)) return;
    // A host answers in order: what comes after its own scene is meant, even if it is one that was sent before.
    sent = [];
    mounted.takeScene(scene);
  };
  const onSettings = () => mounted.takeSettings((model.get("settings") as Settings | undefined) ?? {});
  model.on("change:scene", onScene);
  model.on("change:settings", onSettings);
  return () => {
    model.off("change:scene", onScene);
    model.off("change:settings", onSettings);
    mounted.dispose();
  };
}
