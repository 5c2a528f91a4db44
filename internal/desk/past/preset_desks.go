package past

import "trellis/internal/desk/flow"

// byUrgency is what the usual labels of urgency come to.
var byUrgency = map[string]string{
	"Emergency": "stopped", "Urgent": "blocked", "Critical": "blocked", "High": "blocked", "Medium": "slowed", "Normal": "slowed", "Low": "question",
	"urgent": "blocked", "high": "blocked", "normal": "slowed", "low": "question",
}

// zendesk is the CSV export of tickets, one row a ticket, after the table of
// columns on the page "Exporting ticket, user, or organization data from your
// account" of Zendesk's help. Its times are in the account's zone, which the
// file doesn't name. The first reply is there in minutes alone. "Group
// stations" counts the first assignment too, so it is no count of handoffs
// and stays out. The other names are those of a view's CSV export, whose
// columns are the view's own.
var zendesk = Map{
	Preset: "zendesk", Number: "case",
	Case: "Id", At: "Updated at", Status: "Status", Team: "Group", Person: "Assignee", Impact: "Priority", Priority: "Priority",
	Reopened: "Reopens", Opened: "Created at", FirstMinutes: "First reply time in minutes", Solved: "Solved at",
	Place: "Organization", Service: "Ticket type", Title: "Subject", Requester: "Requester",
	Missing: []string{"-"}, Hours: office, Impacts: byUrgency,
	Means: map[string]Meaning{
		"new": isOpen, "open": isOpen, "pending": waits(flow.OnRequester), "hold": waits(flow.OnVendor), "on-hold": waits(flow.OnVendor),
		"solved": isSolved, "closed": isClosed, "deleted": isClosed,
	},
}

var zendeskAlso = map[int][]string{
	fCase:    {"Ticket ID", "Ticket"},
	fAt:      {"Updated", "Latest update"},
	fOpened:  {"Requested", "Request date", "Created"},
	fSolved:  {"Solved"},
	fService: {"Type"},
	fStatus:  {"Ticket status"},
}

// osticket is the CSV export of a ticket queue, one row a ticket, with the
// columns that a queue exports unless it was given others, by the names that
// osTicket's own source gives them. It has one time for solved and closed alike. Ways of being closed are statuses that a
// desk makes itself.
var osticket = Map{
	Preset: "osticket", Number: "case",
	Case: "Ticket Number", At: "Last Updated", Status: "Current Status", Team: "Department", Person: "Agent Assigned",
	Impact: "Priority", Priority: "Priority", Reopened: "Reopen Count", Opened: "Date Created", Solved: "Closed Date", ClosedAt: "Closed Date",
	Service: "Help Topic", Title: "Subject", Requester: "From",
	Missing: []string{"-"}, Hours: office, Impacts: byUrgency,
	Means: map[string]Meaning{"open": isOpen, "resolved": isSolved, "closed": isClosed, "archived": isClosed, "deleted": isClosed},
}

var osticketAlso = map[int][]string{
	fCase:     {"Ticket #", "Ticket", "Number"},
	fAt:       {"Last Update"},
	fOpened:   {"Create Date", "Created"},
	fSolved:   {"Close Date", "Date Closed"},
	fClosedAt: {"Close Date", "Date Closed"},
	fStatus:   {"Status"},
	fPerson:   {"Assigned To", "Agent"},
	fService:  {"Topic"},
}

// incidentiq is a table of Incident IQ's tickets, one row a ticket. Its maker
// describes no export column by column in public; the names are those of the
// fields of its documented API, as reports and spreadsheets fed from it have
// them, and as other names the labels of the ticket list. A district names its
// statuses itself.
var incidentiq = Map{
	Preset: "incidentiq", Number: "case",
	Case: "TicketNumber", At: "ModifiedDate", Status: "Status", Team: "TeamName", Person: "OwnerName", Impact: "Priority", Priority: "Priority",
	Opened: "CreatedDate", FirstMinutes: "ResponseActual", Solved: "ClosedDate", ClosedAt: "ClosedDate",
	Place: "LocationName", Service: "IssueCategoryName", Title: "Subject", Requester: "ForName",
	Missing: []string{"-", "N/A", "0001-01-01T00:00:00"}, Hours: office, Impacts: byUrgency,
	Means: map[string]Meaning{
		"submitted": isOpen, "assigned": isOpen, "in progress": isOpen, "on hold": waits(flow.OnOther),
		"waiting on requestor": waits(flow.OnRequester), "waiting on vendor": waits(flow.OnVendor), "waiting on parts": waits(flow.OnPart),
		"resolved": isSolved, "closed": isClosed, "canceled": isClosed, "cancelled": isClosed,
	},
}

var incidentiqAlso = map[int][]string{
	fCase:         {"Ticket #", "Ticket"},
	fAt:           {"Last Modified", "Modified", "Last Updated"},
	fStatus:       {"Ticket Status", "Workflow Step"},
	fTeam:         {"Assigned Team", "Team"},
	fPerson:       {"Assigned To", "Assigned Agent", "Agent"},
	fOpened:       {"Created", "Created On", "Date Created", "Submitted"},
	fFirstMinutes: {"Response Time (minutes)"},
	fSolved:       {"Resolved Date", "Closed", "Date Closed"},
	fClosedAt:     {"Closed", "Date Closed"},
	fPlace:        {"Location", "School"},
	fService:      {"IssueTypeName", "Issue Category", "Issue Type", "Issue", "Category"},
	fTitle:        {"Title", "Issue Description"},
	fRequester:    {"Requestor", "Requested For", "For"},
}

// snipeit is the export of asset maintenances, one row a repair or upgrade:
// Snipe-IT keeps devices, and its maintenances are what comes nearest to
// requests. The columns are those of the report "Asset Maintenances"; the
// list of maintenances adds its own ID, location and notes. Who repairs is the
// supplier. There is no status: what has a completion date is done.
var snipeit = Map{
	Preset: "snipeit", Number: "case",
	Case: "ID", Opened: "Start Date", Solved: "Completion Date", ClosedAt: "Completion Date", Team: "Supplier", Place: "Location",
	Service: "Asset Maintenance Type", Title: "Title", Body: "Notes", Person: "Admin",
	Missing: []string{"-"}, Hours: office,
}

var snipeitAlso = map[int][]string{
	fTitle:    {"Name"},
	fSolved:   {"Completed"},
	fClosedAt: {"Completed"},
	fService:  {"Maintenance Type"},
	fPerson:   {"Created By", "User"},
	fBody:     {"Asset Name", "Asset"},
}
