// Trigger of each tracked table: Afspraak, AfspraakDeelnemer, Relatie, Contactpersoon, Project.
// Where the table has a trigger already: add the three lines of the Case to it.
#DECLARE->$error : Integer

$error:=0  // a save is never refused for a nudge
Case of
	: (Trigger event=On Saving New Record Event) | (Trigger event=On Saving Existing Record Event) | (Trigger event=On Deleting Record Event)
		InventiveNudge_Announce
End case
