// Light or dark before anything is painted: as chosen here, else as the system has it.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem("desk-theme"); } catch { return null; } };
  const apply = () => { document.documentElement.dataset.theme = chosen() ?? (system.matches ? "dark" : "light"); };
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("beforeprint", () => { document.documentElement.dataset.theme = "light"; }); // paper is white
  addEventListener("afterprint", apply);
})();
