"""管理: the directory, the agreement, holidays, letters that did not arrive, gaps and the audit."""
